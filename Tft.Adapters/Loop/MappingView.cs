using System.Globalization;
using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Adapters.Loop;

/// <summary>
/// What <c>--verbose</c> prints: for the first records, each field of the contract with where it came from, what stood there, what became
/// of it, and which are missing.
/// </summary>
internal sealed class MappingView(MappingTrace trace, TextWriter output)
{
    private const int MostRecords = 3;

    private int _shown;

    public void Show(IReadOnlyList<MetricRecord> records)
    {
        foreach (var record in records)
        {
            if (_shown == MostRecords)
                return;
            Print(record);
            _shown++;
        }
    }

    private void Print(MetricRecord record)
    {
        var fields = trace.Of(record);
        output.WriteLine();
        output.WriteLine($"{record.ServerName} at {record.Timestamp:yyyy-MM-dd HH:mm:ss}Z");
        output.WriteLine($"  {"field",-18} {"from",-38} {"there",-22} here");
        Line("timestamp", fields, record.Timestamp.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Line("server_name", fields, record.ServerName);
        Line("state", fields, record.State?.Name() ?? "derived by the service");
        Line("profile", fields, record.Profile?.Name() ?? "from the name");
        var missing = new List<string>();
        foreach (var metric in MetricCatalog.All)
        {
            if (record.Values.Has(metric.Id))
                Line(metric.Name, fields, $"{record.Values.Get(metric.Id).ToString(CultureInfo.InvariantCulture)} {metric.Unit}");
            else
                missing.Add(metric.Name);
        }

        output.WriteLine(missing.Count == 0
            ? $"  all {MetricCatalog.Count} metrics are there"
            : $"  missing ({missing.Count} of {MetricCatalog.Count}): {string.Join(", ", missing)}");
    }

    private void Line(string field, IReadOnlyDictionary<string, FieldTrace> fields, string here)
    {
        var from = fields.GetValueOrDefault(field);
        output.WriteLine($"  {field,-18} {Cut(from?.From ?? "-", 38),-38} {Cut(from?.There ?? "-", 22),-22} {here}".TrimEnd());
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
