using System.IO.Compression;
using System.Text;
using Tft.Contract.Problems;
using Tft.Contract.Records;

namespace Tft.Inference.Commands.Validation;

/// <summary>Reads a file of records row by row through the same reader that POST /feed uses.</summary>
internal static class RecordFile
{
    /// <exception cref="InvalidDataException">A kind of file that it cannot read, or broken compression.</exception>
    public static ValidationReport Validate(string path, long nowSeconds)
    {
        var report = new ValidationReport();
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            ParquetRecords.Read(path, report, (row, json) => One(report, row, json, nowSeconds));
            return report;
        }

        using var file = File.OpenRead(path);
        var zipped = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var name = zipped ? path[..^3] : path;
        using var stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var text = new StreamReader(stream, Encoding.UTF8);
        switch (Path.GetExtension(name).ToLowerInvariant())
        {
            case ".jsonl" or ".ndjson":
                for (long row = 1; text.ReadLine() is { } line; row++)
                {
                    if (!string.IsNullOrWhiteSpace(line))
                        One(report, row, line, nowSeconds);
                }

                break;
            case ".json":
                Array(report, Encoding.UTF8.GetBytes(text.ReadToEnd()), nowSeconds);
                break;
            case ".csv":
                CsvRecords.Read(text, report, (row, json) => One(report, row, json, nowSeconds));
                break;
            default:
                throw new InvalidDataException($"{Path.GetFileName(path)}: records are read from .parquet, and from .csv, .jsonl and .json, also with .gz.");
        }

        return report;
    }

    private static void One(ValidationReport report, long row, string json, long nowSeconds)
    {
        var reader = new RecordBatchReader(Encoding.UTF8.GetBytes($"[{json}]"), RecordRules.Utc, nowSeconds, wrapped: false);
        while (reader.Read())
            Take(report, row, ref reader);
        if (reader.Malformed is { } fault)
            report.Fault(row, ProblemCodes.NotJson, fault.What);
    }

    private static void Array(ValidationReport report, byte[] json, long nowSeconds)
    {
        var reader = new RecordBatchReader(json, RecordRules.Utc, nowSeconds, wrapped: false);
        while (reader.Read())
            Take(report, reader.Index + 1, ref reader);
        if (reader.Malformed is { } fault)
            report.Fault(reader.Received + 1, ProblemCodes.NotJson, $"line {fault.Line}, byte {fault.Byte}: {fault.What}");
        if (reader.TooMany)
            report.Fault(reader.Received + 1, ProblemCodes.TooLarge, "more than 50,000 records in one array; use .jsonl");
    }

    private static void Take(ValidationReport report, long row, ref RecordBatchReader reader)
    {
        if (reader.Rejected is { } rejected)
            report.Reject(row, rejected);
        else
            report.Accept(Encoding.UTF8.GetString(reader.Name), reader.Seconds);
    }
}
