using System.Text;
using System.Text.Unicode;
using Tft.Inference.Otlp.Mapping;

namespace Tft.Inference.Otlp.Decoding;

/// <summary>
/// Reads ExportMetricsServiceRequest in protobuf: gauges and sums, of the metrics that the mapping knows. A message's fields may come in any order,
/// so what describes is read in a first pass and what it describes in a second. Depth is the grammar's: nothing recurses.
/// Source: opentelemetry-proto, metrics/v1/metrics.proto, for the numbers.
/// </summary>
internal static class OtlpProtobuf
{
    /// <exception cref="OtlpFaultException">The bytes are none, or too many of something.</exception>
    public static OtlpBatch Read(ReadOnlySpan<byte> body)
    {
        var batch = new OtlpBatch();
        var request = new ProtoReader(body);
        while (request.Next())
        {
            if (request.Tag == Message(1))
                ReadResourceMetrics(batch, request.ReadBytes());
            else
                request.Skip();
        }

        return batch;
    }

    private static uint Message(uint field) => (field << 3) | ProtoReader.Bytes;

    private static void ReadResourceMetrics(OtlpBatch batch, ReadOnlySpan<byte> message)
    {
        var resource = batch.AddResource();
        var metrics = new ProtoReader(message);
        while (metrics.Next())
        {
            if (metrics.Tag == Message(1))
                ReadResource(resource, metrics.ReadBytes());
            else if (metrics.Tag == Message(2))
                ReadScope(batch, resource, metrics.ReadBytes());
            else
                metrics.Skip();
        }
    }

    private static void ReadResource(OtlpResource resource, ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        var count = 0;
        while (reader.Next())
        {
            if (reader.Tag != Message(1))
            {
                reader.Skip();
                continue;
            }

            CountAttribute(++count);
            ReadKeyValue(reader.ReadBytes(), out var key, out _, out var text);
            if (OtlpNames.Attribute(Text(key)) is not OtlpAttribute.None and var attribute)
                resource.Set(attribute, Text(text));
        }
    }

    private static void ReadScope(OtlpBatch batch, OtlpResource resource, ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Tag == Message(2))
                ReadMetric(batch, resource, reader.ReadBytes());
            else
                reader.Skip();
        }
    }

    private static void ReadMetric(OtlpBatch batch, OtlpResource resource, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> name = default, unit = default, data = default;
        var field = 0u;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag >> 3)
            {
                case 1 when reader.Tag == Message(1):
                    name = reader.ReadBytes();
                    break;
                case 3 when reader.Tag == Message(3):
                    unit = reader.ReadBytes();
                    break;
                case 5 or 7 or 9 or 10 or 11 when reader.Tag == Message(reader.Tag >> 3):
                    field = reader.Tag >> 3;
                    data = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // 5 is a gauge, 7 a sum; the rest are histograms and summaries
        var kind = field is 5 or 7 ? OtlpNames.Metric(Text(name)) : OtlpMetric.None;
        var of = new OtlpSeriesKind(kind, field == 7 && IsDelta(data), Text(unit) == "%");
        var points = new ProtoReader(data);
        while (points.Next())
        {
            if (points.Tag != Message(1))
            {
                points.Skip();
                continue;
            }

            var bytes = points.ReadBytes();
            if (kind == OtlpMetric.None)
            {
                batch.CountPoint(ignored: true);
                continue;
            }

            var point = ReadPoint(of, bytes);
            batch.CountPoint(ignored: !point.HasValue);
            if (point.HasValue)
                resource.Points.Add(point);
        }
    }

    private static bool IsDelta(ReadOnlySpan<byte> sum)
    {
        var delta = false;
        var reader = new ProtoReader(sum);
        while (reader.Next())
        {
            if (reader.Tag == (2 << 3 | ProtoReader.Varint))
                delta = reader.ReadVarint() == 1;
            else
                reader.Skip();
        }

        return delta;
    }

    private static OtlpPoint ReadPoint(OtlpSeriesKind of, ReadOnlySpan<byte> message)
    {
        var point = new OtlpPoint(of);
        var (attributes, absent) = (0, false);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 2 << 3 | ProtoReader.Fixed64:
                    point.Start = reader.ReadFixed64();
                    break;
                case 3 << 3 | ProtoReader.Fixed64:
                    point.Time = reader.ReadFixed64();
                    break;
                case 4 << 3 | ProtoReader.Fixed64:
                    point.Value = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                    point.HasValue = true;
                    break;
                case 6 << 3 | ProtoReader.Fixed64:
                    point.Value = (long)reader.ReadFixed64();
                    point.HasValue = true;
                    break;
                case 7 << 3 | ProtoReader.Bytes:
                    CountAttribute(++attributes);
                    ReadKeyValue(reader.ReadBytes(), out var key, out var raw, out var text);
                    point.AddToSeries(key, text.IsEmpty ? raw : text);
                    if (OtlpNames.Attribute(Text(key)) is not OtlpAttribute.None and var attribute)
                        point.Set(attribute, Text(text));
                    break;
                case 8 << 3 | ProtoReader.Varint:
                    absent = (reader.ReadVarint() & 1) != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        point.HasValue &= !absent;
        return point;
    }

    /// <param name="message">A KeyValue.</param>
    /// <param name="key">Its key.</param>
    /// <param name="raw">Its AnyValue, whatever it is.</param>
    /// <param name="text">Its value where that is a string, else empty.</param>
    private static void ReadKeyValue(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> raw, out ReadOnlySpan<byte> text)
    {
        key = raw = text = default;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Tag == Message(1))
                key = reader.ReadBytes();
            else if (reader.Tag == Message(2))
                raw = reader.ReadBytes();
            else
                reader.Skip();
        }

        var value = new ProtoReader(raw);
        while (value.Next())
        {
            if (value.Tag == Message(1))
                text = value.ReadBytes();
            else
                value.Skip();
        }
    }

    private static void CountAttribute(int count)
    {
        if (count > OtlpLimits.MaxAttributes)
            throw new OtlpFaultException($"more than {OtlpLimits.MaxAttributes} attributes on one thing.");
    }

    private static string Text(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > OtlpLimits.MaxText)
            throw new OtlpFaultException($"a name or attribute of {utf8.Length} bytes; at most {OtlpLimits.MaxText}.");
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw new OtlpFaultException("a string that is no UTF-8.");
    }
}
