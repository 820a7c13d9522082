using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Sources.InfluxDb;

/// <summary>InfluxDB 3: SQL over /api/v3/query_sql, answered in JSON lines.</summary>
internal sealed class InfluxSql(InfluxOptions options) : IInfluxDialect
{
    public HttpRequestMessage Request(InfluxField field, long from, long until, int step)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("db", options.Database);
            json.WriteString("q", Query(field, from, until, step));
            json.WriteString("format", "jsonl");
            json.WriteEndObject();
        }

        return new HttpRequestMessage(HttpMethod.Post, "api/v3/query_sql") { Content = new StringContent(Encoding.UTF8.GetString(body.WrittenSpan), Encoding.UTF8, "application/json") };
    }

    public string Query(InfluxField field, long from, long until, int step)
    {
        var host = Name(options.HostTag);
        var span = string.Create(CultureInfo.InvariantCulture, $"date_bin(INTERVAL '{step} seconds', time)");
        // A rate needs the reading before the first span.
        var start = field.IsCounter ? from - step : from;
        var where = $"time >= {Time(start)} AND time < {Time(until)}" + string.Concat(field.Where.Select(w => $" AND {Name(w.Tag)} = {Text(w.Value)}"));
        var last = $"last_value({Name(field.Field)} ORDER BY time)";
        if (!field.IsCounter)
            return $"SELECT {span} AS t, {host} AS h, {(field.Metric.Rule == BucketRule.Last ? last : $"avg({Name(field.Field)})")} AS v FROM {Name(field.Measurement)} WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2";

        var readings = $"SELECT {span} AS t, {host} AS h, {Name(field.Series)} AS s, {last} AS b FROM {Name(field.Measurement)} WHERE {where} AND {Name(field.Series)} !~ {Text(InfluxField.VirtualInterfaces)} GROUP BY 1, 2, 3";
        var growth = $"SELECT t, h, b - lag(b) OVER (PARTITION BY h, s ORDER BY t) AS d, date_part('epoch', t) - date_part('epoch', lag(t) OVER (PARTITION BY h, s ORDER BY t)) AS dt FROM ({readings}) AS readings";
        return $"SELECT t, h, sum(d / dt) AS v FROM ({growth}) AS growth WHERE d >= 0 AND t >= {Time(from)} GROUP BY 1, 2 ORDER BY 1, 2";
    }

    public void Read(string answer, Action<string, long, double> point)
    {
        foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            if (row.TryGetProperty("h", out var host) && host.GetString() is { Length: > 0 } server
                && Times.TryRead(row.GetProperty("t") is { ValueKind: JsonValueKind.Number } n ? Cell.Of(n.GetDouble()) : Cell.Of(row.GetProperty("t").GetString()!), out var at)
                && row.TryGetProperty("v", out var value) && value.ValueKind == JsonValueKind.Number)
                point(server, at.ToUnixTimeSeconds(), value.GetDouble());
        }
    }

    private static string Time(long seconds) => $"TIMESTAMP '{DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}'";

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
