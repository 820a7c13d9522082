using Microsoft.AspNetCore.Http;
using Tft.Adapters.Hosting;
using Tft.Adapters.Seeding;
using Tft.Adapters.Sources;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources;
using Tft.Tests.Sources.Elasticsearch;
using Tft.Tests.Sources.InfluxDb;
using Tft.Tests.Sources.MongoDb;
using Tft.Tests.Sources.PostgreSql;
using Tft.Tests.Sources.Prometheus;

namespace Tft.Tests.Seeding;

/// <summary>Each store is filled, and its source reads what was written. Real servers where there are any for this machine.</summary>
[Trait("Ring", "component")]
public sealed class SeededStoreTests : IDisposable
{
    private static readonly Metric[] s_unknownToAgents = [Metric.JavaCpu, Metric.FrontCloseWait];

    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();

    private DateTimeOffset Now => _clock.GetUtcNow();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PostgreSql_FilledTwice_TheSourceReadsEverySampleWithItsDefaults()
    {
        await using var database = await PostgresServer.StartAsync();
        var rig = new SeedRig("postgresql", _clock, ("ConnectionStrings:postgresql", database.Connection));
        await ExactAsync(rig);
    }

    [Theory]
    [MemberData(nameof(MongoStore.Kinds), MemberType = typeof(MongoStore))]
    public async Task MongoDb_FilledTwice_TheSourceReadsEverySampleWithItsDefaults(string kind)
    {
        await using var store = await MongoStore.OpenAsync(kind);
        var rig = new SeedRig("mongodb", _clock, ("Uri", store.Uri), ("Database", store.Database));
        await ExactAsync(rig);

        // A batch that is sent again, since its answer was lost, changes nothing.
        var sample = rig.Samples(Now.AddMinutes(-1), Now);
        await using var target = rig.Target(new SeedPlan(rig.Fleet, 1, 15, false));
        await target.WriteAsync(sample, default);
        Assert.Equal(sample.Count, (await rig.ReadAsync(Now.AddMinutes(-1), Now)).Count);
    }

    [Theory]
    [InlineData("elasticsearch", false)]
    [InlineData("opensearch", true)]
    public async Task Elasticsearch_FilledTwice_TheSourceReadsEverySample(string store, bool isOpenSearch)
    {
        await using var cluster = await ElasticDouble.StartAsync();
        cluster.IsOpenSearch = isOpenSearch;
        var rig = new SeedRig(store, _clock, ("Url", cluster.Url));
        var filled = await ExactAsync(rig, ("Preset", "tft"), ("IndexPattern", "tft-demo"));

        Assert.Equal(filled, cluster.Documents);
        Assert.Equal("date", cluster.CreatedWith!["mappings"]!["properties"]!["@timestamp"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Files_FilledTwice_TheSourceReadsEverySample() => await ExactAsync(new SeedRig("files", _clock, ("Path", _folder.File("fleet.jsonl"))));

    [Fact]
    public async Task Files_LastLineIsCut_ItIsWrittenAgainAndNothingElse()
    {
        var path = _folder.File("fleet.jsonl");
        var rig = new SeedRig("files", _clock, ("Path", path));
        await rig.FillAsync(0.1);
        var whole = await File.ReadAllLinesAsync(path);
        await File.WriteAllTextAsync(path, string.Join('\n', whole)[..^40]);

        var again = await rig.FillAsync(0.1);

        Assert.Equal(0, again.Samples);
        Assert.Equal(whole[..^1], await File.ReadAllLinesAsync(path));
    }

    [Fact]
    public async Task Files_OtherFile_IsRefusedAndLeftAsItWas()
    {
        var path = _folder.File("other.jsonl");
        await File.WriteAllTextAsync(path, "{\"a\":1}\n");

        var e = await Assert.ThrowsAsync<SourceException>(() => new SeedRig("files", _clock, ("Path", path)).FillAsync(1));

        Assert.Contains("another file", e.Message, StringComparison.Ordinal);
        Assert.Equal("{\"a\":1}\n", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task InfluxDb_Filled_TheSourceReadsWithItsDefaultsWhatTelegrafWouldHaveWritten()
    {
        await using var influx = await InfluxServer.StartAsync();
        var rig = new SeedRig("influxdb", _clock, ("Url", influx.Url), ("Version", "1"), ("Database", "demo"));
        await rig.FillAsync(1);
        await rig.FillAsync(1);

        Compare(rig, await rig.ReadAsync(Now.AddMinutes(-30), Now.AddMinutes(-1)), tolerance: 0.011);
    }

    [Fact]
    public async Task InfluxDb_Version2And3_GetTheSameLinesOnTheirOwnPaths()
    {
        var seen = new List<(string Path, string Line, string Key)>();
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            seen.Add(($"{context.Request.Path}{context.Request.QueryString}", (await reader.ReadToEndAsync()).Split('\n')[0], context.Request.Headers.Authorization.ToString()));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });

        await new SeedRig("influxdb", _clock, ("Url", store.Url), ("Token", "t"), ("Org", "team a"), ("Bucket", "b")).FillAsync(0);
        await new SeedRig("influxdb", _clock, ("Url", store.Url), ("Token", "t"), ("Version", "3"), ("Database", "d")).FillAsync(0);

        Assert.Equal(["/api/v2/write?org=team%20a&bucket=b&precision=s", "/api/v3/write_lp?db=d&precision=second"], seen.Select(s => s.Path));
        Assert.Equal(["Token t", "Bearer t"], seen.Select(s => s.Key));
        Assert.Equal(seen[0].Line, seen[1].Line);
        Assert.Matches(@"^cpu,host=ppml0001,cpu=cpu-total usage_user=[0-9.]+,usage_system=[0-9.]+,usage_iowait=[0-9.]+,usage_idle=[0-9.]+ [0-9]{10}$", seen[0].Line);
    }

    [Fact]
    public async Task Prometheus_Filled_TheSourceReadsWithItsDefaultsAndASecondRunGoesOn()
    {
        await using var prometheus = await PrometheusServer.StartAsync(takesRemoteWrite: true);
        var rig = new SeedRig("prometheus", _clock, ("Url", prometheus.Url));
        var first = await rig.FillAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(75));
        var second = await rig.FillAsync(1);

        Assert.Equal(Now.AddSeconds(-75), first.Until);
        Assert.Equal(first.Until.AddSeconds(15), second.From);
        // A rate is taken over a minute: four samples' mean, and all of them count equally.
        var fleet = rig.Samples(Now.AddMinutes(-31), Now);
        var read = await rig.ReadAsync(Now.AddMinutes(-30), Now);
        Assert.InRange(read.Count, 7 * 110, 7 * 121);
        foreach (var record in read.Where(r => r.Timestamp < Now.AddMinutes(-2)))
        {
            var near = fleet.Where(f => f.ServerName == record.ServerName && f.Timestamp <= record.Timestamp && f.Timestamp > record.Timestamp.AddSeconds(-75)).ToList();
            if (near.Count < 5)
                continue;
            foreach (var metric in Known())
            {
                if (near.All(n => n.Values.Has(metric)))
                    Assert.InRange(record.Values.Get(metric), near.Min(n => n.Values.Get(metric)) - 0.1, near.Max(n => n.Values.Get(metric)) + 0.1);
            }
        }
    }

    [Fact]
    public async Task Prometheus_NoReceiver_SaysHowToSwitchItOn()
    {
        await using var prometheus = await PrometheusServer.StartAsync();

        var e = await Assert.ThrowsAsync<SourceException>(() => new SeedRig("prometheus", _clock, ("Url", prometheus.Url)).FillAsync(0.1));

        Assert.Contains("--web.enable-remote-write-receiver", e.Message, StringComparison.Ordinal);
        Assert.Equal(404, e.Status);
    }

    [Fact]
    public async Task Prometheus_HasNewerSamples_SaysWhatToDo()
    {
        await using var prometheus = await PrometheusServer.StartAsync(takesRemoteWrite: true);
        await new SeedRig("prometheus", _clock, ("Url", prometheus.Url), ("Label", "host")).FillAsync(0.1);
        var earlier = new FakeTimeProvider(Now.AddHours(-5));

        var e = await Assert.ThrowsAsync<SourceException>(() => new SeedRig("prometheus", earlier, ("Url", prometheus.Url), ("Label", "host")).FillAsync(0.1));

        Assert.Contains("out_of_order_time_window", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elasticsearch_DocumentIsRefused_IsAnErrorThoughTheBulkAnswers200()
    {
        await using var cluster = await ElasticDouble.StartAsync();
        cluster.RefuseNext = (429, "es_rejected_execution_exception");

        var e = await Assert.ThrowsAsync<SourceException>(() => new SeedRig("elasticsearch", _clock, ("Url", cluster.Url)).FillAsync(0.1));

        Assert.Contains("es_rejected_execution_exception", e.Message, StringComparison.Ordinal);
        Assert.Equal(429, e.Status);
    }

    [Theory]
    [InlineData("elasticsearch", "IndexPattern", "metricbeat-*")]
    [InlineData("files", "Path", "/var/log/*.jsonl")]
    [InlineData("files", "Path", "fleet.csv")]
    [InlineData("postgresql", "Connection", "Database=only")]
    public void Target_SettingThatCantBeWrittenTo_IsNamed(string store, string setting, string value)
    {
        var e = Assert.Throws<ConfigurationException>(() => new SeedRig(store, _clock, (setting, value)).Target(new SeedPlan(new(), 1, 15, false)));

        Assert.Contains($"Tft:Sources:{store}:{setting}", e.Message, StringComparison.Ordinal);
    }

    /// <returns>Samples in the store.</returns>
    private async Task<int> ExactAsync(SeedRig rig, params (string, string)[] reader)
    {
        await rig.FillAsync(0.5);
        _clock.Advance(TimeSpan.FromMinutes(10));
        var second = await rig.FillAsync(1);
        var read = await rig.ReadAsync(Now.AddMinutes(-40), Now.AddSeconds(1), reader);

        var expected = rig.Samples(Now.AddMinutes(-40), Now.AddSeconds(1));
        Assert.Equal(rig.Samples(Now.AddMinutes(-10).AddSeconds(rig.Kind.EverySeconds), Now.AddSeconds(1)).Count, second.Samples);
        Assert.Equal(expected.Select(r => (r.ServerName, r.Timestamp)).Order(), read.Select(r => (r.ServerName, r.Timestamp)).Order());
        Compare(rig, read, tolerance: 1e-4, MetricCatalog.All.Select(m => m.Id));
        return expected.Count;
    }

    private static void Compare(SeedRig rig, List<MetricRecord> read, double tolerance, IEnumerable<Metric>? metrics = null)
    {
        Assert.NotEmpty(read);
        var samples = rig.Samples(read.Min(r => r.Timestamp), read.Max(r => r.Timestamp).AddSeconds(1)).ToDictionary(s => (s.ServerName, s.Timestamp));
        var compared = 0;
        foreach (var record in read)
        {
            var sample = samples[(record.ServerName, record.Timestamp)];
            foreach (var metric in metrics ?? Known())
            {
                // A counter has no growth where a sample is missing before it, and goes on where one was not measured.
                if (metrics is null && metric is Metric.NetIn or Metric.NetOut && (!sample.Values.Has(metric) || !record.Values.Has(metric) || !samples.ContainsKey((record.ServerName, record.Timestamp.AddSeconds(-rig.Kind.EverySeconds)))))
                    continue;
                Assert.Equal(sample.Values.Has(metric), record.Values.Has(metric));
                if (!sample.Values.Has(metric))
                    continue;
                Assert.Equal(sample.Values.Get(metric), record.Values.Get(metric), tolerance);
                compared++;
            }

            if (metrics is not null)
                Assert.Equal((sample.State, sample.Profile), (record.State, record.Profile));
        }

        Assert.True(compared > read.Count * 9);
    }

    private static IEnumerable<Metric> Known() => MetricCatalog.All.Select(m => m.Id).Except(s_unknownToAgents);
}
