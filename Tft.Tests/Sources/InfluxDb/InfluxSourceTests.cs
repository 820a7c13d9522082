using Microsoft.AspNetCore.Http;
using Tft.Adapters.Mapping;
using Tft.Adapters.Simulation;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Http;
using Tft.Adapters.Sources.InfluxDb;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Time;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.InfluxDb;

[Trait("Ring", "component")]
public sealed class InfluxSourceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Loop_RealInfluxWithADayOfFiftyServers_BackfillsMeansAndGoesOnLive()
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = 50 });
        await using var influx = await InfluxServer.StartAsync();
        await influx.WriteAsync(fleet, now - (26 * 3600), now + 900);
        await using var service = await FakeInference.StartAsync();
        using var folder = new TempFolder();
        for (var start = 0; start < 3; start++)
        {
            // A new loop each time: as after a restart.
            using var rig = new LoopRig(Source(influx.Url, 1, step: 60), service.Url, _clock, folder);
            await rig.PollAsync();
            _clock.Advance(TimeSpan.FromMinutes(4));
            await rig.PollAsync();
        }

        var means = service.Kept.Where(k => k.Key.Time.ToUnixTimeSeconds() < now).ToList();
        var live = service.Kept.Where(k => k.Key.Time.ToUnixTimeSeconds() >= now).ToDictionary();
        Assert.InRange(means.Count, 50 * 285, 50 * 300);
        // Every sample of the first eleven minutes, as it stands in the store.
        foreach (var server in fleet.Servers)
        {
            for (var t = now; t < now + 660; t += 60)
            {
                if (fleet.Sample(server, t) is not { } sample || !sample.Values.Has(Metric.CpuUser) || !sample.Values.Has(Metric.BackCloseWait) || !sample.Values.Has(Metric.MemUsed))
                    continue;
                var record = live[(server.Name, "test", sample.Timestamp)];
                Assert.Equal(sample.Values.Get(Metric.CpuUser), record.GetProperty("cpu_user_pct").GetDouble(), 0.01);
                Assert.Equal(sample.Values.Get(Metric.BackCloseWait), record.GetProperty("back_close_wait").GetDouble());
                if (fleet.Sample(server, t - 60) is not null && record.TryGetProperty("net_in_mb_s", out var net))
                    Assert.Equal(2, net.GetDouble(), 0.01);
                Assert.False(record.TryGetProperty("cpu_idle_pct", out _));
            }
        }

        var one = means.First(m => m.Key.Server == fleet.Servers[3].Name);
        // a server has gaps: the mean is of what there was
        var samples = Enumerable.Range(0, 5).Select(i => fleet.Sample(fleet.Servers[3], one.Key.Time.ToUnixTimeSeconds() + (60 * i))).OfType<MetricRecord>()
            .Where(s => s.Values.Has(Metric.CpuUser) && s.Values.Has(Metric.BackCloseWait) && s.Values.Has(Metric.MemUsed));
        Assert.Equal(samples.Average(s => s.Values.Get(Metric.MemUsed)), one.Value.GetProperty("mem_used_pct").GetDouble(), 0.02);
    }

    [Fact]
    public async Task Read_RealInfluxCounters_HaveTheirGrowthInTheFirstSpanOfARangeToo()
    {
        await using var influx = await InfluxServer.StartAsync();
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        await influx.WriteAsync(string.Concat(Enumerable.Range(0, 300).Select(i => FormattableString.Invariant($"net,host=a,interface=eth0 bytes_recv={(300 - i) * 120_000_000L}i {now - (i * 60)}\n"))));
        var source = Source(influx.Url, 1, step: 60);
        var until = TimeGrid.StartOf(TimeGrid.StepOf(_clock.GetUtcNow()));

        var live = (await ReadAsync(source, seconds: 600)).SelectMany(p => p.Records).ToList();
        var means = new List<MetricRecord>();
        await foreach (var page in source.BackfillAsync(new BackfillRange(until.AddHours(-4.5), until, null), CancellationToken.None))
            means.AddRange(page.Records);

        // 54 means come in two pages, each of which begins with a range of its own.
        Assert.Equal(54, means.Count);
        Assert.NotEmpty(live);
        Assert.All(live.Concat(means), r => Assert.Equal(2, r.Values.Get(Metric.NetIn), 0.001));
    }

    [Fact]
    public async Task Read_RealInfluxUnknownDatabase_IsASourceErrorInItsWords()
    {
        await using var influx = await InfluxServer.StartAsync();
        var options = new InfluxOptions { Url = influx.Url, Version = 1, Database = "nothing" };
        var source = new InfluxSource(new HttpStore(options, "test"), InfluxKind.Dialect(options), InfluxField.Telegraf, options, MappingTrace.Off, _clock);

        var e = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(source));

        Assert.EndsWith("database not found: nothing; name it with database", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Version2_SpeaksFluxAndReadsAnnotatedCsv()
    {
        var seen = new List<string>();
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var flux = await reader.ReadToEndAsync();
            seen.Add($"{context.Request.Path}{context.Request.QueryString} {context.Request.ContentType} {context.Request.Headers.Authorization} {flux}");
            context.Response.ContentType = "application/csv";
            await context.Response.WriteAsync(flux.Contains("usage_user", StringComparison.Ordinal)
                ? "#datatype,string,long,dateTime:RFC3339,double,string\r\n#group,false,false,false,false,true\r\n#default,_result,,,,\r\n,result,table,_time,_value,host\r\n"
                    + ",,0,2026-03-02T07:59:30Z,12.5,a\r\n,,0,2026-03-02T07:59:40Z,13.5,a\r\n,,1,2026-03-02T07:59:30Z,99,\"b, c\"\r\n\r\n"
                    + "#datatype,string,long,string,dateTime:RFC3339,double\r\n#group,false,false,true,false,false\r\n#default,_result,,,,\r\n,result,table,host,_time,_value\r\n,,2,d,2026-03-02T07:59:30Z,7\r\n\r\n"
                : "\r\n");
        });

        var records = (await ReadAsync(Source(store.Url, 2))).SelectMany(p => p.Records).ToList();

        // The row at the range's end belongs to the next read.
        Assert.Equal([("a", 12.5f), ("b, c", 99f), ("d", 7f)], records.Select(r => (r.ServerName, r.Values.Get(Metric.CpuUser))));
        Assert.All(records, r => Assert.False(r.Values.Has(Metric.MemUsed)));
        Assert.Equal(InfluxField.Telegraf.Count, seen.Count);
        Assert.StartsWith("/api/v2/query?org=team%20a application/vnd.flux; charset=utf-8 Token secret from(bucket: \"telegraf\") |> range(start: 2026-03-02T07:59:00Z, stop: 2026-03-02T07:59:40Z)", seen[0], StringComparison.Ordinal);
        var net = seen.Single(s => s.Contains("bytes_recv", StringComparison.Ordinal));
        Assert.Contains("range(start: 2026-03-02T07:58:50Z", net, StringComparison.Ordinal);
        Assert.Contains("derivative(unit: 1s, nonNegative: true)", net, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Loop_ClocksTwoMinutesFastAndSlow_EveryPointArrivesOnceWhenItsTimeHasCome(int version)
    {
        await using var store = new InfluxDouble(version);
        var port = Ports.Free();
        await store.StartAsync(port);
        await using var service = await FakeInference.StartAsync();
        using var rig = new LoopRig(Source($"http://127.0.0.1:{port}", version, onlyGauges: true), service.Url, _clock, configure: o => o.Backfill = 0);
        await rig.PollAsync();
        _clock.Advance(TimeSpan.FromSeconds(150));
        for (var i = 0; i < 30; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            var now = _clock.GetUtcNow().ToUnixTimeSeconds();
            foreach (var (host, off) in ((string, int)[])[("right", 0), ("fast", 120), ("slow", -120)])
                store.Add("cpu", host, now + off, 20);
            await rig.PollAsync();
        }

        Assert.DoesNotContain(service.Kept.Keys, k => k.Time > _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromMinutes(3));
        await rig.PollAsync();

        foreach (var host in (string[])["right", "fast", "slow"])
            Assert.Equal(30, service.Kept.Keys.Count(k => k.Server == host));
        Assert.Equal(0, service.Duplicates);
    }

    [Fact]
    public async Task Read_Version2ErrorTable_IsASourceError()
    {
        await using var store = await StoreDouble.StartAsync(context => context.Response.WriteAsync("#datatype,string,string\n#group,true,true\n#default,,\n,error,reference\n,Failed to parse query,897\n"));

        var e = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(Source(store.Url, 2)));

        Assert.Contains("Failed to parse query", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Version3_SpeaksSqlAndReadsJsonLines()
    {
        var seen = new List<string>();
        await using var store = await StoreDouble.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            seen.Add($"{context.Request.Path} {context.Request.Headers.Authorization} {body}");
            await context.Response.WriteAsync(body.Contains("load1", StringComparison.Ordinal)
                ? """{"t":"2026-03-02T07:59:30","h":"a","v":1.5}""" + "\n" + """{"t":"2026-03-02T07:59:30Z","h":"b","v":null}""" + "\n" + """{"t":1772438370000000000,"h":"c","v":2}""" + "\n"
                : "");
        });

        var records = (await ReadAsync(Source(store.Url, 3))).SelectMany(p => p.Records).ToList();

        Assert.Equal([("a", 1.5f), ("c", 2f)], records.Select(r => (r.ServerName, r.Values.Get(Metric.LoadAverage))));
        Assert.StartsWith("/api/v3/query_sql Bearer secret {\"db\":\"telegraf\",\"q\":\"SELECT date_bin(INTERVAL", seen[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "it's \"x\" \\", "\"tag\" = 'it\\'s \"x\" \\\\'")]
    [InlineData(2, "it's \"x\" \\", "r[\"tag\"] == \"it's \\\"x\\\" \\\\\"")]
    [InlineData(3, "it's \"x\" \\", "\"tag\" = 'it''s \"x\" \\'")]
    public void Query_TextWithQuotes_IsEscaped(int version, string text, string expected)
    {
        var field = InfluxField.Telegraf[0] with { Where = [("tag", text)] };
        var query = version switch
        {
            1 => new InfluxQl(new InfluxOptions()).Query(field, 0, 10, 10),
            2 => new Flux(new InfluxOptions()).Query(field, 0, 10, 10),
            _ => new InfluxSql(new InfluxOptions()).Query(field, 0, 10, 10),
        };

        Assert.Contains(expected, query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, """{"results":[{"error":"timeout"}]}""")]
    [InlineData(1, """{"results":[{"series":[{"ta""")]
    [InlineData(2, "a,proxy,page\n1,2,3\n")]
    [InlineData(3, "<html>")]
    public async Task Read_AnswerIsCutOrForeign_IsASourceErrorThatNamesTheMetric(int version, string answer)
    {
        await using var store = await StoreDouble.StartAsync(context => context.Response.WriteAsync(answer));

        var e = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(Source(store.Url, version)));

        Assert.Contains("cpu_user_pct", e.Message, StringComparison.Ordinal);
    }

    private InfluxSource Source(string url, int version, int step = 10, bool onlyGauges = false)
    {
        var options = new InfluxOptions { Url = url, Version = version, Org = "team a", Token = version == 1 ? "" : "secret", Step = step };
        return new InfluxSource(new HttpStore(options, "test", version == 2 ? "Token" : "Bearer"), InfluxKind.Dialect(options), [.. InfluxField.Telegraf.Where(f => !onlyGauges || !f.IsCounter)], options, MappingTrace.Off, _clock);
    }

    private async Task<List<SourcePage>> ReadAsync(InfluxSource source, int seconds = 60)
    {
        var all = new List<SourcePage>();
        await foreach (var page in source.ReadAsync(new ReadRange(_clock.GetUtcNow().AddSeconds(-seconds), _clock.GetUtcNow(), null), CancellationToken.None))
            all.Add(page);
        return all;
    }
}
