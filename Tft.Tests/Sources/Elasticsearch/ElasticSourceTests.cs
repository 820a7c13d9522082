using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Adapters.Mapping;
using Tft.Adapters.Simulation;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Elasticsearch;
using Tft.Contract.Metrics;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Elasticsearch;

[Trait("Ring", "component")]
public sealed class ElasticSourceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();
    private ElasticDouble _cluster = null!;
    private FakeInference _service = null!;

    public async Task InitializeAsync() => (_cluster, _service) = (await ElasticDouble.StartAsync(), await FakeInference.StartAsync());

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("8.17.1", false)]
    [InlineData("7.10.2", false)]
    [InlineData("2.19.0", true)]
    public async Task Loop_ADayOfFiftyServersWithTiesAtEveryTime_BackfillsAndGoesOnOverRestarts(string version, bool isOpenSearch)
    {
        (_cluster.Version, _cluster.IsOpenSearch) = (version, isOpenSearch);
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = 50 });
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var live = 0;
        for (var t = now - (25 * 3600); t < now + 900; t += 150)
        {
            foreach (var server in fleet.Servers)
            {
                if (fleet.Sample(server, t) is not { } record || !record.Values.Has(Metric.CpuUser))
                    continue;
                _cluster.Add(Document(server.Name, t, record.Values.Get(Metric.CpuUser)));
                live += t >= now && t <= now + 600 ? 1 : 0;
            }
        }

        for (var start = 0; start < 2; start++)
        {
            using var rig = Rig(pageSize: 333);
            await rig.PollAsync();
            _clock.Advance(TimeSpan.FromMinutes(5));
            await rig.PollAsync();
        }

        // Documents up to five minutes ahead of the clock are read too: others' clocks are.
        var ahead = _service.Kept.Keys.Count(k => k.Time.ToUnixTimeSeconds() > now + 600);
        Assert.Equal(live, _service.Kept.Keys.Count(k => k.Time.ToUnixTimeSeconds() >= now) - ahead);
        Assert.InRange(_service.Kept.Keys.Count(k => k.Time.ToUnixTimeSeconds() < now), 50 * 290, 50 * 300);
        Assert.Equal(0, _cluster.OpenReads);
    }

    [Fact]
    public async Task Poll_PageFailsHalfWay_IsRepeatedFromTheLastAcknowledgedPage()
    {
        using var rig = Rig(pageSize: 10, backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(100));
        for (var i = 0; i < 100; i++)
            _cluster.Add(Document("a", _clock.GetUtcNow().ToUnixTimeSeconds() - i, 5));
        _cluster.FailIn = 4;
        _cluster.Failure = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());
        Assert.InRange(_service.Kept.Count, 20, 30);
        await rig.PollAsync();

        Assert.Equal(100, _service.Kept.Count);
    }

    [Theory]
    [InlineData("""{"timed_out":true,"_shards":{"failed":0},"hits":{"hits":[]}}""", "ran out of time")]
    [InlineData("""{"timed_out":false,"_shards":{"failed":2},"hits":{"hits":[]}}""", "2 shards failed")]
    [InlineData("""{"timed_out":false,"hits":{"hi""", "cut or no JSON")]
    public async Task Poll_AnswerWouldLeaveDocumentsOut_IsAnErrorAndTheCursorStays(string answer, string words)
    {
        using var rig = Rig(pageSize: 10, backfill: 0);
        await rig.PollAsync();
        var before = rig.Cursor.Load();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _cluster.FailIn = 1;
        _cluster.Failure = context => context.Response.WriteAsync(answer);

        var e = await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, rig.Cursor.Load());
    }

    [Fact]
    public async Task Poll_SchemaSurprise_FieldIsMissingAndTheRestArrives()
    {
        using var rig = Rig(backfill: 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        var time = _clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        _cluster.Add($$$"""{"@timestamp":"{{{time}}}","host":{"name":"a"},"cpu_user_pct":"12.5","mem_used_pct":{"value":{"deep":3}},"load_average":1.5}""");
        _cluster.Add($$$"""{"@timestamp":"{{{time}}}","host.name":"b","cpu":{"pct":7}}""");
        _cluster.Add($$$"""{"@timestamp":"{{{time}}}","no":"server"}""");

        await rig.PollAsync();

        var records = _service.Kept.ToDictionary(k => k.Key.Server, k => k.Value);
        Assert.Equal(["a", "b"], records.Keys.Order());
        Assert.Equal(12.5, records["a"].GetProperty("cpu_user_pct").GetDouble());
        Assert.False(records["a"].TryGetProperty("mem_used_pct", out _));
        Assert.Equal(7, records["b"].GetProperty("cpu_user_pct").GetDouble());
    }

    [Fact]
    public async Task Poll_Metricbeat_DocumentsOfOneMetricsetEachBecomeOneRecord()
    {
        using var rig = Rig(backfill: 0, preset: "metricbeat");
        await rig.PollAsync();
        var t = _clock.GetUtcNow().AddSeconds(10);
        foreach (var (offset, system) in ((double, string)[])[(0.1, """{"cpu":{"user":{"norm":{"pct":0.25}}}}"""), (0.3, """{"memory":{"actual":{"used":{"pct":0.5}}}}"""), (1.2, """{"load":{"1":1.5}}""")])
            _cluster.Add("{\"@timestamp\":\"" + t.AddSeconds(offset).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) + "\",\"host\":{\"name\":\"web1\"},\"system\":" + system + "}");
        _clock.Advance(TimeSpan.FromSeconds(15));
        await rig.PollAsync();
        Assert.Empty(_service.Kept);
        _clock.Advance(TimeSpan.FromSeconds(20));
        await rig.PollAsync();
        await rig.PollAsync();

        var record = Assert.Single(_service.Kept);
        Assert.Equal(t, record.Key.Time);
        Assert.Equal((25, 50, 1.5), (record.Value.GetProperty("cpu_user_pct").GetDouble(), record.Value.GetProperty("mem_used_pct").GetDouble(), record.Value.GetProperty("load_average").GetDouble()));
        Assert.Equal(0, _service.Duplicates);
    }

    [Fact]
    public async Task Poll_Filter_IsPartOfTheSearch()
    {
        using var rig = Rig(configure: o => o.Filter = """{"term":{"env":"prod"}}""", backfill: 0);

        await rig.PollAsync();

        Assert.Equal("prod", _cluster.LastSearch!["query"]!["bool"]!["filter"]![1]!["term"]!["env"]!.GetValue<string>());
    }

    private static string Document(string server, long seconds, float cpu) => string.Create(
        CultureInfo.InvariantCulture, $$$"""{"@timestamp":"{{{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-ddTHH:mm:ss}}}Z","hostname":"{{{server}}}","cpu_user_pct":{{{cpu}}}}""");

    private LoopRig Rig(int pageSize = 1000, double backfill = 25, string preset = "tft", Action<ElasticOptions>? configure = null)
    {
        var options = new ElasticOptions { Url = _cluster.Url, IndexPattern = "metrics-*", PageSize = pageSize };
        configure?.Invoke(options);
        var source = new ElasticSource(new ElasticClient(ElasticTransport.Of(options, "test"), options), options, new RecordMapper(MappingPresets.Find(preset)!, MappingTrace.Off), _clock, NullLogger<ElasticSource>.Instance);
        return new LoopRig(source, _service.Url, _clock, _folder, o => o.Backfill = backfill);
    }
}
