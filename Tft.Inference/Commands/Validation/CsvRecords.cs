using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tft.Contract.Metrics;

namespace Tft.Inference.Commands.Validation;

/// <summary>CSV (RFC 4180) with a header line as records in JSON: metrics as numbers, everything else as text; an empty field is left out.</summary>
internal static class CsvRecords
{
    private static readonly string[] s_others = ["timestamp", "server_name", "state", "profile", "anomaly_score"];

    public static void Read(TextReader text, ValidationReport report, Action<long, string> take)
    {
        if (ReadFields(text) is not { } header)
            return;
        foreach (var column in header.Where(c => !IsKnown(c)))
            report.Fault(1, "unknown_column", $"column '{column}' is no field of the contract; it is not read.");
        for (long row = 2; ReadFields(text) is { } fields; row++)
        {
            if (fields.Count == 1 && fields[0].Length == 0)
                continue;
            if (fields.Count != header.Count)
                report.Fault(row, "wrong_field_count", $"{fields.Count} fields, the header has {header.Count}.");
            else
                take(row, ToJson(header, fields));
        }
    }

    private static bool IsKnown(string column) => MetricCatalog.Find(column) is not null || s_others.Contains(column);

    private static string ToJson(List<string> header, List<string> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        for (var i = 0; i < header.Count; i++)
        {
            if (fields[i].Length == 0 || !IsKnown(header[i]))
                continue;
            var isNumber = MetricCatalog.Find(header[i]) is not null || header[i] == "anomaly_score";
            if (isNumber && double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                json.WriteNumber(header[i], number);
            else
                json.WriteString(header[i], fields[i]);
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static List<string>? ReadFields(TextReader text)
    {
        if (text.Peek() < 0)
            return null;
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        while (true)
        {
            var next = text.Read();
            switch (next)
            {
                case '"' when quoted && text.Peek() == '"':
                    field.Append((char)text.Read());
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                case '\r' when !quoted:
                    break;
                case < 0:
                case '\n' when !quoted:
                    fields.Add(field.ToString());
                    return fields;
                default:
                    field.Append((char)next);
                    break;
            }
        }
    }
}
