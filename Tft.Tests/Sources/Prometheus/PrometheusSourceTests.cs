using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tft.Adapters.Hosting;
using Tft.Adapters.Mapping;
using Tft.Adapters.Simulation;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Http;
using Tft.Adapters.Sources.Prometheus;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Time;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Prometheus;

[Trait("Ring", "component")]
public sealed class PrometheusSourceTests
{
    private static readonly Metric[] s_gauges = [Metric.CpuUser, Metric.MemUsed, Metric.BackCloseWait];

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Loop_RealPrometheusWithADayOfFiftyServers_BackfillsMeansAndGoesOnLive()
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = 50 });
        await using var prometheus = await PrometheusServer.StartAsync(PrometheusServer.Past(fleet, s_gauges, now - (26 * 3600), now + 900));
        await using var service = await FakeInference.StartAsync();
        using var folder = new TempFolder();
        for (var start = 0; start < 3; start++)
        {
            // A new loop each time: as after a restart.
            using var rig = new LoopRig(Source(prometheus.Url), service.Url, _clock, folder);
            await rig.PollAsync();
            _clock.Advance(TimeSpan.FromMinutes(4));
            await rig.PollAsync();
        }

        var live = service.Kept.Where(k => k.Key.Time.ToUnixTimeSeconds() >= now).ToList();
        var means = service.Kept.Where(k => k.Key.Time.ToUnixTimeSeconds() < now).ToList();
        Assert.InRange(means.Count, 50 * 290, 50 * 300);
        // Twelve minutes at a step a minute, less the delay, for each server; a gap of the simulation is bridged by Prometheus for 5 min.
        Assert.InRange(live.Count, 50 * 10, 50 * 12);
        var server = fleet.Servers[7];
        foreach (var (key, record) in means.Where(m => m.Key.Server == server.Name))
        {
            var samples = Enumerable.Range(0, 6).Select(i => fleet.Sample(server, key.Time.ToUnixTimeSeconds() + (60 * i))).OfType<MetricRecord>().Where(r => r.Values.Has(Metric.CpuUser)).ToArray();
            if (samples.Length < 6 || !record.TryGetProperty("cpu_user_pct", out var mean))
                continue;
            Assert.InRange(mean.GetDouble(), samples.Min(s => s.Values.Get(Metric.CpuUser)) - 0.01, samples.Max(s => s.Values.Get(Metric.CpuUser)) + 0.01);
            if (record.TryGetProperty("back_close_wait", out var count))
                Assert.Equal(Math.Truncate(count.GetDouble()), count.GetDouble());
        }
    }

    [Fact]
    public async Task Backfill_RealPrometheusWithAValueOnEachEdge_CountsItInOneBucket()
    {
        var bucket = TimeGrid.StartOf(TimeGrid.StepOf(_clock.GetUtcNow().AddHours(-1)));
        var past = new StringBuilder();
        foreach (var metric in s_gauges.Select(MetricCatalog.Get))
        {
            past.Append(CultureInfo.InvariantCulture, $"# TYPE {metric.Name} gauge\n");
            // 10 for half of the bucket, 20 for the rest; the next one begins with 90
            foreach (var (second, value) in ((int, int)[])[(-300, 70), (0, 10), (150, 20), (300, 90)])
                past.Append(CultureInfo.InvariantCulture, $"{metric.Name}{{instance=\"a:9100\"}} {value} {bucket.ToUnixTimeSeconds() + second}\n");
        }

        await using var prometheus = await PrometheusServer.StartAsync(past.Append("# EOF\n").ToString());

        var pages = await AllAsync(Source(prometheus.Url).BackfillAsync(new BackfillRange(bucket, bucket.AddMinutes(5), null), CancellationToken.None));

        var record = Assert.Single(pages.SelectMany(p => p.Records));
        Assert.Equal((bucket, 15f, 20f), (record.Timestamp, record.Values.Get(Metric.CpuUser), record.Values.Get(Metric.BackCloseWait)));
    }

    [Fact]
    public async Task Read_RealNodeExporter_GivesThisHost()
    {
        var exporter = SkipUnless.Program("prometheus-node-exporter");
        var port = Ports.Free();
        await using var node = await RealServer.StartAsync(exporter, [$"--web.listen-address=127.0.0.1:{port}", "--collector.tcpstat"], $"http://127.0.0.1:{port}/metrics");
        await using var prometheus = await PrometheusServer.StartAsync(target: $"127.0.0.1:{port}");
        var options = new PrometheusOptions { Url = prometheus.Url, Step = 1, Delay = 1, RateRange = "10s" };
        var source = new PrometheusSource(new PrometheusClient(new HttpStore(options, "test")), options, new PrometheusKind().Queries(options), MappingTrace.Off, TimeProvider.System);

        MetricRecord? record = null;
        await Eventually.True(async () =>
        {
            var now = DateTimeOffset.UtcNow;
            var pages = await AllAsync(source.ReadAsync(new ReadRange(now.AddSeconds(-5), now, null), CancellationToken.None));
            record = pages.SelectMany(p => p.Records).LastOrDefault(r => r.Values.Has(Metric.CpuIdle) && r.Values.Has(Metric.NetIn));
            return record is not null;
        }, "rates of this host");

        Assert.Equal("127.0.0.1", record!.ServerName);
        Metric[] unknown = [Metric.JavaCpu, Metric.FrontCloseWait];
        Assert.All(MetricCatalog.All.Where(m => !unknown.Contains(m.Id)), m => Assert.True(record.Values.Has(m.Id), $"{m.Name} is missing"));
        Assert.All(unknown, m => Assert.False(record.Values.Has(m)));
        var parts = record.Values.Get(Metric.CpuUser) + record.Values.Get(Metric.CpuSys) + record.Values.Get(Metric.CpuIoWait) + record.Values.Get(Metric.CpuIdle);
        Assert.InRange(parts, 99.9, 100.1);
    }

    [Fact]
    public async Task Loop_ClockTwoMinutesFast_EverySampleArrivesOnceWhenItsTimeHasCome()
    {
        const int Step = 10;
        await using var server = await PrometheusServer.StartAsync(takesRemoteWrite: true);
        await using var service = await FakeInference.StartAsync();
        using var http = new HttpClient();
        var options = new PrometheusOptions { Url = server.Url, Preset = "none", Step = Step };
        var source = new PrometheusSource(new PrometheusClient(new HttpStore(options, "test")), options, [new PrometheusQuery(MetricCatalog.Get(Metric.CpuUser), "cpu")], MappingTrace.Off, _clock);
        using var rig = new LoopRig(source, service.Url, _clock, configure: o => o.Backfill = 0);
        await rig.PollAsync();
        var first = _clock.GetUtcNow().ToUnixTimeSeconds() / Step * Step;
        for (var i = 0; i < 30; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(Step));
            await WriteAsync(i, end: i == 29);
            await rig.PollAsync();
        }

        Assert.DoesNotContain(service.Kept.Keys, k => k.Time > _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromMinutes(3));
        await rig.PollAsync();

        foreach (var (host, off) in ((string, int)[])[("right", 0), ("fast", 120)])
        {
            var kept = service.Kept.Where(k => k.Key.Server == host).ToDictionary(k => k.Key.Time.ToUnixTimeSeconds(), k => k.Value.GetProperty("cpu_user_pct").GetDouble());
            Assert.Equal(Enumerable.Range(0, 30).Select(i => (Time: first + off + (i * Step), Value: i + 1.0)), kept.OrderBy(k => k.Key).Select(k => (k.Key, k.Value)));
        }

        Assert.Equal(0, service.Duplicates);

        async Task WriteAsync(int i, bool end)
        {
            var request = new RemoteWrite();
            foreach (var (host, off) in ((string, int)[])[("right", 0), ("fast", 120)])
            {
                request.Add("cpu", $"{host}:9100", (first + off + (i * Step)) * 1_000, i + 1);
                if (end)
                    request.Add("cpu", $"{host}:9100", ((first + off + (i * Step)) * 1_000) + 500, RemoteWrite.Stale);
            }

            await request.SendAsync(http, server.Url);
        }
    }

    [Theory]
    [InlineData(503, "too many queries")]
    [InlineData(400, """{"status":"error","errorType":"bad_data","error":"parse error"}""")]
    [InlineData(200, """{"status":"error","error":"exec failed"}""")]
    [InlineData(200, """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"inst""")]
    [InlineData(200, "<html>a proxy's page</html>")]
    [InlineData(200, """{"status":"success","data":{"result":[{"metric":{"instance":"a"},"values":[["x",1]]}]}}""")]
    public async Task Read_StoreAnswersBadly_IsASourceErrorThatNamesTheMetric(int status, string body)
    {
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        });

        var e = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(Source(store.Url)));

        Assert.Contains("cpu_user_pct", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NaNInfiniteMissingLabelAndOutOfRange_StayMissing()
    {
        var at = _clock.GetUtcNow().ToUnixTimeSeconds() - 60;
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            var query = (await context.Request.ReadFormAsync())["query"].ToString();
            var values = query switch
            {
                "cpu_user_pct" => $$"""{"metric":{"instance":"a:9100"},"values":[[{{at}},"NaN"]]},{"metric":{"instance":"b:9100"},"values":[[{{at}},"100.4"]]},{"metric":{},"values":[[{{at}},"5"]]}""",
                "mem_used_pct" => $$"""{"metric":{"instance":"a:9100"},"values":[[{{at}},"+Inf"]]},{"metric":{"instance":"b:9100"},"values":[[{{at}},"0.5e3"]]}""",
                _ => $$"""{"metric":{"instance":"a:9100"},"values":[[{{at}},"7"]]}""",
            };
            await context.Response.WriteAsync("""{"status":"success","data":{"resultType":"matrix","result":[""" + values + "]}}");
        });

        var pages = await ReadAsync(Source(store.Url));

        var records = pages.SelectMany(p => p.Records).ToDictionary(r => r.ServerName);
        Assert.Equal(["a", "b"], records.Keys.Order());
        Assert.Equal(1, Present(records["a"]));
        Assert.Equal(100, records["b"].Values.Get(Metric.CpuUser));
        Assert.Equal(1, Present(records["b"]));
        Assert.Contains("mem_used_pct", Assert.Single(pages.SelectMany(p => p.Faults)).Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_SignIn_IsSentAndNeverSaid()
    {
        var seen = "";
        await using var store = await StoreDouble.StartAsync(context =>
        {
            seen = context.Request.Headers.Authorization + " " + context.Request.Headers["X-Scope-OrgID"];
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        var options = new PrometheusOptions { Url = store.Url, Token = "top-secret", Headers = { ["X-Scope-OrgID"] = "team-a" } };
        var source = new PrometheusSource(new PrometheusClient(new HttpStore(options, "test")), options, new PrometheusKind().Queries(options), MappingTrace.Off, _clock);

        var e = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(source));

        Assert.Equal("Bearer top-secret team-a", seen);
        Assert.Equal(401, e.Status);
        Assert.DoesNotContain("top-secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loop_StoreFailsInTheMiddleOfTheHistory_GoesOnFromTheLastPage()
    {
        var failures = 0;
        var queries = 0;
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync();
            if (Interlocked.Increment(ref queries) == 8)
            {
                failures++;
                context.Response.StatusCode = 500;
                return;
            }

            var step = int.Parse(form["step"]!);
            var points = string.Join(',', Enumerable.Range(0, (int)((long.Parse(form["end"]!) - long.Parse(form["start"]!)) / step) + 1).Select(i => $"[{long.Parse(form["start"]!) + (i * step)},\"5\"]"));
            await context.Response.WriteAsync("""{"status":"success","data":{"result":[{"metric":{"instance":"a"},"values":[""" + points + "]}]}}");
        });
        await using var service = await FakeInference.StartAsync();
        using var rig = new LoopRig(Source(store.Url), service.Url, _clock);

        await Assert.ThrowsAsync<SourceException>(() => rig.PollAsync());
        var kept = service.Kept.Count;
        Assert.InRange(kept, 50, 150);
        await rig.PollAsync();

        Assert.Equal(1, failures);
        Assert.Equal(300, service.Kept.Keys.Count(k => k.Time < TimeGrid.StartOf(TimeGrid.StepOf(_clock.GetUtcNow()))));
        Assert.Equal(0, service.Duplicates);
    }

    [Theory]
    [InlineData("not a url")]
    [InlineData("ftp://host")]
    [InlineData("http://user:pw@host")]
    public void Create_WrongUrl_NamesTheKeyAndNotTheValue(string url)
    {
        var e = Assert.Throws<ConfigurationException>(() => new HttpStore(new PrometheusOptions { Url = url }, "Tft:Sources:prometheus"));

        Assert.Contains("Tft:Sources:prometheus:Url", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", e.Message, StringComparison.Ordinal);
    }

    private PrometheusSource Source(string url)
    {
        var options = new PrometheusOptions { Url = url, Preset = "none", Step = 60 };
        PrometheusQuery[] queries = [.. s_gauges.Select(m => new PrometheusQuery(MetricCatalog.Get(m), MetricCatalog.Get(m).Name))];
        return new PrometheusSource(new PrometheusClient(new HttpStore(options, "test")), options, queries, MappingTrace.Off, _clock);
    }

    private Task<List<SourcePage>> ReadAsync(PrometheusSource source) =>
        AllAsync(source.ReadAsync(new ReadRange(_clock.GetUtcNow().AddSeconds(-60), _clock.GetUtcNow(), null), CancellationToken.None));

    private static async Task<List<SourcePage>> AllAsync(IAsyncEnumerable<SourcePage> pages)
    {
        var all = new List<SourcePage>();
        await foreach (var page in pages)
            all.Add(page);
        return all;
    }

    private static int Present(MetricRecord record) => MetricCatalog.All.Count(m => record.Values.Has(m.Id));
}
