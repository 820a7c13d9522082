using Tft.Tests.Infrastructure;
using Tft.Tests.Infrastructure.Otlp;

namespace Tft.Tests.Telemetry;

/// <summary>An adapter and the inference service as processes, and what they really send: a record is followed from read to forecast.</summary>
[Trait("Ring", "distributed")]
public sealed class OneTraceTests : IAsyncLifetime
{
    private const string Key = "key-of-the-test";

    private readonly TempFolder _folder = new();
    private readonly List<ServiceProcess> _processes = [];
    private OtlpCollector _collector = null!;
    private ServiceProcess _inference = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _inference = await Start("Tft.Inference", "inference", []).HealthyAsync();
        Start("Tft.Adapters", "adapter-simulator", ["simulator", "--servers", "3"], ("Tft:InferenceUrl", _inference.Url.ToString()));
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        await _collector.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Predict_FollowedBackwards_LeadsToTheAdaptersRead()
    {
        var predict = await PredictSpanThatLinksAsync();
        Assert.Equal(("inference", SpanKind.Server), (predict.Resource.Service, predict.Kind));

        var run = await _collector.SpanAsync(s => s.Name == "forecast.run" && predict.LinksTo(s), "the run that GET /predict served");
        Assert.Empty(run.ParentId);
        Assert.InRange(run.Links.Count, 1, 128);
        var publish = await _collector.SpanAsync(s => s.Name == "snapshot.publish" && s.IsChildOf(run), "the run's snapshot.publish");
        Assert.True(publish.Start <= predict.End);

        var fed = await _collector.SpanAsync(s => run.LinksTo(s), "a feed span that the run consumed");
        var path = await PathToRootAsync(fed);
        var names = path.Select(s => s.Name).ToArray();
        var accept = Array.IndexOf(names, "feed.accept");
        Assert.True(accept >= 0, string.Join(" <- ", names));
        Assert.Equal(["feed.accept", "POST /feed", "POST", "adapter.push", "adapter.fetch"], names[accept..]);
        Assert.Equal(
            ["inference", "inference", "adapter-simulator", "adapter-simulator", "adapter-simulator"],
            path[accept..].Select(s => s.Resource.Service));

        await _collector.SpanAsync(s => s.Name == "window.append" && s.TraceId == fed.TraceId, "window.append in the same trace");
    }

    [Fact]
    public async Task Metrics_OfBothServices_Arrive()
    {
        string[] expected = ["tft.feed.records", "tft.window.servers", "tft.forecast.duration", "tft.forecast.servers", "tft.snapshot.age"];

        foreach (var name in expected)
            await Eventually.True(() => _collector.Metrics.Any(m => m.Name == name && m.Resource.Service == "inference"), name);
        await Eventually.True(() => _collector.Metrics.Any(m => m is { Name: "tft.adapter.records", Resource.Service: "adapter-simulator", Value: > 0 }));
    }

    private async Task<CollectedSpan> PredictSpanThatLinksAsync()
    {
        using var client = new HttpClient { BaseAddress = _inference.Url };
        client.DefaultRequestHeaders.Add("X-API-Key", Key);
        await Eventually.True(
            async () =>
            {
                using var response = await client.GetAsync(new Uri("predict", UriKind.Relative));
                response.EnsureSuccessStatusCode();
                return _collector.Spans.Any(IsWanted);
            },
            $"a GET /predict that links to a run with links\n{_inference.Output}",
            Eventually.Long);
        return _collector.Spans.First(IsWanted);

        // A run over newcomers has consumed no bucket and links to nothing: take one that did.
        bool IsWanted(CollectedSpan span) => span.Name == "GET /predict"
            && _collector.Spans.Any(run => run.Name == "forecast.run" && run.Links.Count > 0 && span.LinksTo(run));
    }

    private async Task<List<CollectedSpan>> PathToRootAsync(CollectedSpan span)
    {
        var path = new List<CollectedSpan> { span };
        while (path[^1].ParentId.Length > 0)
        {
            var child = path[^1];
            path.Add(await _collector.SpanAsync(child.IsChildOf, $"the parent of {child.Name}"));
        }

        return path;
    }

    private ServiceProcess Start(string assembly, string name, string[] arguments, params (string Key, string Value)[] settings)
    {
        KeyValuePair<string, string?>[] all =
        [
            .. _collector.Settings, new("OTEL_SERVICE_NAME", name), new("Tft:ApiKey", Key), new("Tft:Redis", "none"),
            .. settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)),
        ];
        var process = ServiceProcess.Start(assembly, _folder, all, arguments);
        _processes.Add(process);
        return process;
    }
}
