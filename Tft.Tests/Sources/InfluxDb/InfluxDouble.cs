using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Tft.Tests.Sources.InfluxDb;

/// <summary>
/// InfluxDB 2 or 3 that keeps points in memory and answers our aggregating queries: Flux in annotated CSV with a table for each host, or SQL in
/// JSON lines. Gauges only.
/// </summary>
internal sealed partial class InfluxDouble(int version) : IAsyncDisposable
{
    private readonly Dictionary<string, List<Point>> _measurements = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private StoreDouble? _store;

    public async Task StartAsync(int port) => _store = await StoreDouble.StartAsync(AnswerAsync, port);

    public async Task StopAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _store = null;
    }

    /// <param name="measurement">Such as cpu.</param>
    /// <param name="host">The tag; empty: the point has none.</param>
    /// <param name="second">Unix time.</param>
    /// <param name="value">Of the one field; null as SQL gives it.</param>
    public void Add(string measurement, string host, long second, double? value)
    {
        lock (_lock)
        {
            if (!_measurements.TryGetValue(measurement, out var points))
                _measurements.Add(measurement, points = []);
            points.Add(new Point(host, second, value));
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        if (context.Request.Path != (version == 2 ? "/api/v2/query" : "/api/v3/query_sql"))
        {
            context.Response.StatusCode = 404;
            return;
        }

        var query = version == 2 ? body : JsonDocument.Parse(body).RootElement.GetProperty("q").GetString()!;
        var match = (version == 2 ? Flux() : Sql()).Match(query);
        if (!match.Success)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("this double does not know the query: " + query);
            return;
        }

        var spans = Spans(match.Groups["m"].Value, Seconds(match, "from"), Seconds(match, "until"), int.Parse(match.Groups["every"].Value), match.Groups["fn"].Value.StartsWith("last", StringComparison.Ordinal));
        await context.Response.WriteAsync(version == 2 ? AnnotatedCsv(spans) : JsonLines(spans));
    }

    private List<Point> Spans(string measurement, long from, long until, int every, bool last)
    {
        lock (_lock)
        {
            return [.. _measurements.GetValueOrDefault(measurement, [])
                .Where(p => p.Second >= from && p.Second < until)
                // the same point again takes the place of the one before
                .GroupBy(p => (p.Host, p.Second)).Select(g => g.Last())
                .GroupBy(p => (p.Host, Span: p.Second / every * every))
                .Select(g => new Point(g.Key.Host, g.Key.Span, last ? g.MaxBy(p => p.Second)!.Value : g.Average(p => p.Value)))
                .OrderBy(p => p.Host, StringComparer.Ordinal).ThenBy(p => p.Second)];
        }
    }

    private static string AnnotatedCsv(List<Point> spans)
    {
        var text = new StringBuilder();
        var table = 0;
        foreach (var host in spans.Where(s => s.Value is not null).GroupBy(s => s.Host))
        {
            if (table % 7 == 0)
                text.Append("#datatype,string,long,dateTime:RFC3339,double,string\r\n#group,false,false,false,false,true\r\n#default,_result,,,,\r\n,result,table,_time,_value,host\r\n");
            foreach (var span in host)
                text.Append(CultureInfo.InvariantCulture, $",,{table},{Time(span.Second)},{span.Value},{span.Host}\r\n");
            if (++table % 7 == 0)
                text.Append("\r\n");
        }

        return text.Append("\r\n").ToString();
    }

    private static string JsonLines(List<Point> spans) => string.Concat(spans.OrderBy(s => s.Second).Select(s => string.Create(
        CultureInfo.InvariantCulture, $"{{\"t\":\"{Time(s.Second).TrimEnd('Z')}\",\"h\":{(s.Host.Length == 0 ? "null" : $"\"{s.Host}\"")},\"v\":{(s.Value is { } v ? v.ToString(CultureInfo.InvariantCulture) : "null")}}}\n")));

    private static string Time(long second) => DateTimeOffset.FromUnixTimeSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static long Seconds(Match match, string name) => DateTimeOffset.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture).ToUnixTimeSeconds();

    [GeneratedRegex("""range\(start: (?<from>[^,]+), stop: (?<until>[^)]+)\).*_measurement == "(?<m>\w+)".*aggregateWindow\(every: (?<every>\d+)s, fn: (?<fn>\w+)""")]
    private static partial Regex Flux();

    [GeneratedRegex("""INTERVAL '(?<every>\d+) seconds'.* AS h, (?<fn>\w+)\(.* FROM "(?<m>\w+)" WHERE time >= TIMESTAMP '(?<from>[^']+)' AND time < TIMESTAMP '(?<until>[^']+)'""")]
    private static partial Regex Sql();

    private sealed record Point(string Host, long Second, double? Value);
}
