using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources.Files;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Sources.InfluxDb;

/// <summary>InfluxDB 2: Flux over /api/v2/query, answered in annotated CSV.</summary>
internal sealed class Flux(InfluxOptions options) : IInfluxDialect
{
    public HttpRequestMessage Request(InfluxField field, long from, long until, int step)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v2/query?org=" + Uri.EscapeDataString(options.Org))
        {
            Content = new StringContent(Query(field, from, until, step), Encoding.UTF8, "application/vnd.flux"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/csv"));
        return request;
    }

    public string Query(InfluxField field, long from, long until, int step)
    {
        var host = Text(options.HostTag);
        var where = string.Concat(field.Where.Select(w => $" and r[{Text(w.Tag)}] == {Text(w.Value)}"))
            + (field.IsCounter ? $" and r[{Text(field.Series)}] !~ /{InfluxField.VirtualInterfaces}/" : "");
        // A rate needs the reading before the first span, and names the later of the two.
        var start = field.IsCounter ? from - step : from;
        var points = string.Create(
            CultureInfo.InvariantCulture,
            $"from(bucket: {Text(options.Bucket)}) |> range(start: {Time(start)}, stop: {Time(until)}) |> filter(fn: (r) => r._measurement == {Text(field.Measurement)} and r._field == {Text(field.Field)}{where})");
        var aggregate = field.Metric.Rule == BucketRule.Last || field.IsCounter ? "last" : "mean";
        var window = string.Create(CultureInfo.InvariantCulture, $"aggregateWindow(every: {step}s, fn: {aggregate}, createEmpty: false, timeSrc: \"_start\")");
        return field.IsCounter
            ? $"{points} |> group(columns: [{host}, {Text(field.Series)}]) |> {window} |> derivative(unit: 1s, nonNegative: true) |> group(columns: [{host}, \"_time\"]) |> sum() |> group(columns: [{host}]) |> keep(columns: [\"_time\", \"_value\", {host}])"
            : $"{points} |> group(columns: [{host}]) |> {window} |> keep(columns: [\"_time\", \"_value\", {host}])";
    }

    public void Read(string answer, Action<string, long, double> point)
    {
        IReadOnlyList<string>? header = null;
        int time = -1, value = -1, host = -1;
        foreach (var line in answer.Split('\n'))
        {
            var text = line.TrimEnd('\r');
            if (text.Length == 0 || text[0] == '#')
            {
                // A blank line ends a table, annotations begin the next: its columns are named anew.
                header = null;
                continue;
            }

            var cells = CsvLine.Split(text, ',');
            if (header is null)
            {
                header = cells;
                if (header.Contains("error"))
                    continue;
                (time, value, host) = (Index(header, "_time"), Index(header, "_value"), Index(header, options.HostTag));
                continue;
            }

            if (header.Contains("error"))
                throw new FormatException(cells[Index(header, "error")]);
            if (cells.Count == header.Count && cells[host].Length > 0 && Times.TryRead(Cell.Of(cells[time]), out var at) && Cell.Of(cells[value]).TryNumber(out var number))
                point(cells[host], at.ToUnixTimeSeconds(), number);
        }
    }

    private static int Index(IReadOnlyList<string> header, string name)
    {
        for (var i = 0; i < header.Count; i++)
        {
            if (header[i] == name)
                return i;
        }

        throw new FormatException($"the answer has no column '{name}'");
    }

    private static string Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal)}\"";
}
