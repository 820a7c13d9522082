using System.Globalization;
using System.Text;
using System.Text.Json;
using Tft.Inference.Otlp.Mapping;

namespace Tft.Inference.Otlp.Decoding;

/// <summary>
/// Reads ExportMetricsServiceRequest in OTLP/JSON: names in lowerCamelCase, 64-bit numbers as strings or numbers, unknown fields passed over.
/// Source: the OTLP specification, "JSON Protobuf Encoding".
/// </summary>
internal static class OtlpJson
{
    private static readonly string[] s_kinds = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"];

    /// <exception cref="OtlpFaultException">The text is none, or too much of something.</exception>
    public static OtlpBatch Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = OtlpLimits.MaxDepth });
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new OtlpFaultException($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: this is no JSON.");
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // of System.Text.Json, for a name that is half of a surrogate pair or a number beyond all types
            throw new OtlpFaultException("a name that is no valid Unicode, or a number that is none.");
        }
    }

    private static OtlpBatch Read(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
            throw new OtlpFaultException("the body is no object.");
        var batch = new OtlpBatch();
        foreach (var resourceMetrics in Items(request, "resourceMetrics"))
        {
            var resource = batch.AddResource();
            if (Member(resourceMetrics, "resource") is { } described)
                ReadResource(resource, described);
            foreach (var scope in Items(resourceMetrics, "scopeMetrics"))
            {
                foreach (var metric in Items(scope, "metrics"))
                    ReadMetric(batch, resource, metric);
            }
        }

        return batch;
    }

    private static void ReadResource(OtlpResource resource, JsonElement described)
    {
        foreach (var (key, text, _) in Attributes(described))
        {
            if (OtlpNames.Attribute(key) is not OtlpAttribute.None and var attribute)
                resource.Set(attribute, text);
        }
    }

    private static void ReadMetric(OtlpBatch batch, OtlpResource resource, JsonElement metric)
    {
        foreach (var name in s_kinds)
        {
            if (Member(metric, name) is not { } data)
                continue;
            var isSum = name == "sum";
            var kind = isSum || name == "gauge" ? OtlpNames.Metric(Text(metric, "name")) : OtlpMetric.None;
            var of = new OtlpSeriesKind(kind, isSum && IsDelta(data), Text(metric, "unit") == "%");
            foreach (var item in Items(data, "dataPoints"))
            {
                var point = kind == OtlpMetric.None ? default : ReadPoint(of, item);
                batch.CountPoint(ignored: !point.HasValue);
                if (point.HasValue)
                    resource.Points.Add(point);
            }
        }
    }

    private static OtlpPoint ReadPoint(OtlpSeriesKind of, JsonElement item)
    {
        var point = new OtlpPoint(of) { Time = Nanoseconds(item, "timeUnixNano"), Start = Nanoseconds(item, "startTimeUnixNano") };
        if (Number(item, "asDouble") is { } real)
            (point.Value, point.HasValue) = (real, true);
        else if (Number(item, "asInt") is { } whole)
            (point.Value, point.HasValue) = (whole, true);
        if (Number(item, "flags") is { } flags && flags % 2 == 1)
            point.HasValue = false;
        foreach (var (key, text, raw) in Attributes(item))
        {
            point.AddToSeries(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text.Length > 0 ? text : raw));
            if (OtlpNames.Attribute(key) is not OtlpAttribute.None and var attribute)
                point.Set(attribute, text);
        }

        return point;
    }

    private static bool IsDelta(JsonElement sum) => Member(sum, "aggregationTemporality") switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out var value) && value == 1,
        { ValueKind: JsonValueKind.String } text => String(text) == "AGGREGATION_TEMPORALITY_DELTA",
        _ => false,
    };

    /// <summary>Key, the value where it is a string (else empty), and the value as it stands.</summary>
    private static IEnumerable<(string Key, string Text, string Raw)> Attributes(JsonElement owner)
    {
        var count = 0;
        foreach (var item in Items(owner, "attributes"))
        {
            if (++count > OtlpLimits.MaxAttributes)
                throw new OtlpFaultException($"more than {OtlpLimits.MaxAttributes} attributes on one thing.");
            var value = Member(item, "value");
            yield return (Text(item, "key"), value is { } any ? Text(any, "stringValue") : "", value?.GetRawText() ?? "");
        }
    }

    /// <summary>Null where it is missing or null; anything else must be an object, a string or a number, as who asks needs it.</summary>
    private static JsonElement? Member(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object)
            throw new OtlpFaultException($"expected an object around '{name}'.");
        return owner.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name)
    {
        if (Member(owner, name) is not { } list)
            return default;
        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new OtlpFaultException($"'{name}' is no array.");
    }

    private static string Text(JsonElement owner, string name) => Member(owner, name) is { } text ? String(text, name) : "";

    private static string String(JsonElement text, string name = "aggregationTemporality")
    {
        if (text.ValueKind != JsonValueKind.String)
            throw new OtlpFaultException($"'{name}' is no string.");
        try
        {
            var value = text.GetString()!;
            return value.Length <= OtlpLimits.MaxText && Encoding.UTF8.GetByteCount(value) <= OtlpLimits.MaxText
                ? value
                : throw new OtlpFaultException($"'{name}' has more than {OtlpLimits.MaxText} bytes.");
        }
        catch (InvalidOperationException)
        {
            throw new OtlpFaultException($"'{name}' is no valid Unicode.");
        }
    }

    private static ulong Nanoseconds(JsonElement owner, string name) => Member(owner, name) switch
    {
        null => 0,
        { ValueKind: JsonValueKind.Number } number when number.TryGetUInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text when ulong.TryParse(String(text, name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw new OtlpFaultException($"'{name}' is no time in Unix nanoseconds."),
    };

    /// <summary>Numbers, their strings, and the strings NaN, Infinity and -Infinity of protobuf's JSON.</summary>
    private static double? Number(JsonElement owner, string name) => Member(owner, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text when double.TryParse(String(text, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw new OtlpFaultException($"'{name}' is no number."),
    };
}
