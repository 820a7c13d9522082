using System.Buffers;
using System.Data.Common;
using System.Text;
using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Inference.Commands.Parquet;

namespace Tft.Inference.Commands.Validation;

/// <summary>The rows of a Parquet file as records in JSON; a NULL is left out.</summary>
internal static class ParquetRecords
{
    private static readonly string[] s_texts = ["server_name", "state", "profile"];

    /// <exception cref="InvalidDataException">The file cannot be read, lacks a column, or has another type there.</exception>
    public static void Read(string path, ValidationReport report, Action<long, string> take)
    {
        using var file = new ParquetFile(path);
        file.Require("timestamp", static t => ParquetFile.IsTime(t) || ParquetFile.IsText(t), "a TIMESTAMP or VARCHAR");
        file.Require("server_name", ParquetFile.IsText, "VARCHAR");
        var fields = new List<(string Name, bool IsNumber)>();
        var sql = new List<string>();
        foreach (var (name, type) in file.Columns)
        {
            var isNumber = MetricCatalog.Find(name) is not null || name == "anomaly_score";
            if (name == "timestamp")
                sql.Add(ParquetFile.IsTime(type) ? "epoch_us(timestamp)" : "timestamp");
            else if (isNumber)
                sql.Add($"CAST({ParquetFile.Quoted(name)} AS DOUBLE)");
            else if (s_texts.Contains(name))
                sql.Add($"CAST({ParquetFile.Quoted(name)} AS VARCHAR)");
            else
            {
                report.Fault(0, "unknown_column", $"column '{name}' is no field of the contract; it is not read.");
                continue;
            }

            if (isNumber)
                file.Require(name, ParquetFile.IsNumber, "a number");
            fields.Add((name, isNumber));
        }

        var number = 0L;
        foreach (var json in file.Query($"SELECT {string.Join(", ", sql)} FROM {file.Table}", row => ToJson(row, fields)))
            take(++number, json);
    }

    private static string ToJson(DbDataReader row, List<(string Name, bool IsNumber)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        for (var i = 0; i < fields.Count; i++)
        {
            if (row.IsDBNull(i))
                continue;
            if (!fields[i].IsNumber)
                json.WriteString(fields[i].Name, row.GetValue(i) is long microseconds ? $"{DateTime.UnixEpoch.AddMicroseconds(microseconds):yyyy-MM-ddTHH:mm:ss.FFFFFF}Z" : row.GetString(i));
            else if (row.GetDouble(i) is var value && double.IsFinite(value))
                json.WriteNumber(fields[i].Name, value);
            else
                json.WriteString(fields[i].Name, "NaN or infinite");
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
