using System.Globalization;
using System.Text.Json;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Sources.InfluxDb;

/// <summary>InfluxDB 1: InfluxQL over /query.</summary>
internal sealed class InfluxQl(InfluxOptions options) : IInfluxDialect
{
    public HttpRequestMessage Request(InfluxField field, long from, long until, int step) => new(HttpMethod.Post, "query")
    {
        Content = new FormUrlEncodedContent([new("db", options.Database.Split('/')[0]), new("epoch", "s"), new("q", Query(field, from, until, step))]),
    };

    public string Query(InfluxField field, long from, long until, int step)
    {
        var host = Name(options.HostTag);
        var group = string.Create(CultureInfo.InvariantCulture, $"time({step}s), {host}");
        var aggregate = field.Metric.Rule == BucketRule.Last || field.IsCounter ? "last" : "mean";
        var source = options.Database.Split('/') is [_, var policy] ? $"{Name(policy)}.{Name(field.Measurement)}" : Name(field.Measurement);
        // A rate needs the reading before the first span; the outer range bounds the inner one too.
        var start = field.IsCounter ? from - step : from;
        var where = string.Create(CultureInfo.InvariantCulture, $"time >= {start}s AND time < {until}s")
            + string.Concat(field.Where.Select(w => $" AND {Name(w.Tag)} = {Text(w.Value)}"));
        if (!field.IsCounter)
            return $"SELECT {aggregate}({Name(field.Field)}) FROM {source} WHERE {where} GROUP BY {group} fill(none)";
        where += $" AND {Name(field.Series)} !~ /{InfluxField.VirtualInterfaces}/";
        return $"SELECT sum(\"rate\") FROM (SELECT non_negative_derivative(last({Name(field.Field)}), 1s) AS \"rate\" FROM {source} WHERE {where} GROUP BY {group}, {Name(field.Series)} fill(none)) "
            + string.Create(CultureInfo.InvariantCulture, $"WHERE time >= {start}s AND time < {until}s GROUP BY {group} fill(none)");
    }

    public void Read(string answer, Action<string, long, double> point)
    {
        using var document = JsonDocument.Parse(answer);
        foreach (var result in document.RootElement.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("error", out var error))
                throw new FormatException(error.GetString());
            if (!result.TryGetProperty("series", out var all))
                continue;
            foreach (var series in all.EnumerateArray())
            {
                var server = series.GetProperty("tags").GetProperty(options.HostTag).GetString();
                foreach (var pair in series.GetProperty("values").EnumerateArray())
                {
                    if (!string.IsNullOrEmpty(server) && pair[1].ValueKind == JsonValueKind.Number)
                        point(server, pair[0].GetInt64(), pair[1].GetDouble());
                }
            }
        }
    }

    private static string Name(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Text(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
