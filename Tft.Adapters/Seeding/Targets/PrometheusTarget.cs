using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Http;
using Tft.Contract.Records;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>
/// Prometheus, and what takes its remote write (VictoriaMetrics, Mimir, Thanos Receive): the series that node_exporter would expose for the
/// fleet, so that its built-in queries read them. 12 of the 14 metrics.
/// </summary>
internal sealed class PrometheusTarget(HttpStore store, string label, double hours, int everySeconds) : ISeedTarget
{
    public const string Job = "tft-demo";

    private readonly GrowingCounters _counters = new(everySeconds);

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // At once where it is less than five minutes old; else a minute's grid finds it, for it is seen that long.
        var time = $"timestamp(node_load1{{job=\"{Job}\"}})";
        var query = string.Create(CultureInfo.InvariantCulture, $"max({time}) or max(max_over_time({time}[{Math.Ceiling(hours) + 1}h:1m]))");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/query")
        {
            Content = new FormUrlEncodedContent([new("query", query), new("time", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))]),
        };
        using var response = await store.SendAsync(request, "the newest sample", cancellationToken).ConfigureAwait(false);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var answer = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.RootElement.GetProperty("data").GetProperty("result") is { ValueKind: JsonValueKind.Array } result && result.GetArrayLength() > 0
            ? DateTimeOffset.FromUnixTimeSeconds((long)double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)) : null;
    }

    public async Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken)
    {
        var message = new RemoteWriteMessage();
        _counters.Begin();
        foreach (var server in samples.GroupBy(s => s.ServerName, StringComparer.Ordinal))
        {
            foreach (var (name, tag, points) in NodeExporterSeries.Of(server, _counters))
                message.Add(name, [.. Labels(server.Key, tag)], points);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/write") { Content = new ByteArrayContent(SnappyBlock.Encode(message.Written)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        try
        {
            using var answer = await store.SendAsync(request, "remote write", cancellationToken).ConfigureAwait(false);
            _counters.Keep();
        }
        catch (SourceException e) when (e.Status == 404)
        {
            throw new SourceException($"{e.Message}. The store takes no remote write; Prometheus does with --web.enable-remote-write-receiver", e) { Status = 404 };
        }
        catch (SourceException e) when (e.Status == 400 && e.Message.Contains("out of", StringComparison.Ordinal))
        {
            throw new SourceException(
                $"{e.Message}. A Prometheus that has newer samples takes no older ones: begin with an empty one that scrapes nothing, or set "
                + $"storage.tsdb.out_of_order_time_window: {Math.Ceiling(hours) + 1:0}h in its configuration file, or seed with --hours 0.1", e) { Status = 400 };
        }
    }

    public ValueTask DisposeAsync()
    {
        store.Dispose();
        return default;
    }

    private IEnumerable<(string, string)> Labels(string server, (string Name, string Value)[] tags) => [("job", Job), (label, server + ":9100"), .. tags];
}
