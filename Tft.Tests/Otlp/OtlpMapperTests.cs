using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Inference.Feed;
using Tft.Inference.Otlp;
using Tft.Inference.Otlp.Decoding;
using Tft.Inference.Otlp.Mapping;
using Tft.Tests.Infrastructure;
using static Tft.Tests.Otlp.OtlpRequest;

namespace Tft.Tests.Otlp;

[Trait("Ring", "unit")]
public sealed class OtlpMapperTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services;
    private readonly CounterStore _counters;
    private readonly OtlpMapper _mapper;

    public OtlpMapperTests()
    {
        _services = new ServiceCollection().AddMetrics().AddSingleton<OtlpTelemetry>().BuildServiceProvider();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Tft:MaxServers"] = "2" }).Build();
        _counters = new CounterStore(IngestOptions.Read(configuration), _services.GetRequiredService<OtlpTelemetry>(), _clock);
        _mapper = new OtlpMapper(_counters, _clock);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Map_AHostsCollection_FillsWhatWasSentAndLeavesTheRestMissing(bool json)
    {
        var mapping = Map(Full(Now), json);

        var record = Assert.Single(mapping.Records);
        Assert.Equal("web-1", record.ServerName);
        Assert.Equal(Now, record.Timestamp);
        AssertClose(30 + 2, record, Metric.CpuUser);
        AssertClose(10 + 1, record, Metric.CpuSys);
        AssertClose(4, record, Metric.CpuIoWait);
        AssertClose(50, record, Metric.CpuIdle);
        AssertClose(62.5, record, Metric.MemUsed);
        AssertClose(25, record, Metric.SwapUsed);
        AssertClose(40, record, Metric.DiskUsage);
        AssertClose(7, record, Metric.BackCloseWait);
        AssertClose(1.25, record, Metric.LoadAverage);
        AssertClose(2, record, Metric.UptimeDays);
        foreach (var metric in new[] { Metric.JavaCpu, Metric.FrontCloseWait, Metric.NetIn, Metric.NetOut })
            Assert.False(record.Values.Has(metric), metric.ToString());
        // the free memory, the established connection, the loopback's two, and disk.io
        Assert.Equal(5, mapping.Ignored);
        Assert.Equal(0, mapping.Rejected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Map_RunningTotals_GiveSharesAndRatesFromTheSecondCollectionOn(bool json)
    {
        Assert.Empty(Map(Totals(Now, 1_000, 5_000_000), json, keep: true).Records);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var second = Assert.Single(Map(Totals(Now, 1_004, 45_000_000), json, keep: true).Records);

        // 4 s of user and 12 s of idle on two CPUs; 40 MB on each of two devices in 10 s
        AssertClose(25, second, Metric.CpuUser);
        AssertClose(75, second, Metric.CpuIdle);
        AssertClose(8, second, Metric.NetIn);
        Assert.False(second.Values.Has(Metric.NetOut));
        Assert.False(second.Values.Has(Metric.CpuIoWait));
    }

    [Fact]
    public void Map_APushThatWasNotKept_FindsTheTotalsOfBeforeWhenRepeated()
    {
        Map(Totals(Now, 1_000, 5_000_000), json: false, keep: true);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var lost = Map(Totals(Now, 1_004, 45_000_000), json: false);
        var repeated = Map(Totals(Now, 1_004, 45_000_000), json: false, keep: true);
        AssertClose(25, Assert.Single(lost.Records), Metric.CpuUser);
        AssertClose(25, Assert.Single(repeated.Records), Metric.CpuUser);
        AssertClose(8, repeated.Records[0], Metric.NetIn);
    }

    [Fact]
    public void Map_TotalsThatFellOrAreTooOld_AreAFirstSampleAgain()
    {
        Map(Totals(Now, 1_000, 5_000_000), json: false, keep: true);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(Map(Totals(Now, 3, 1_000), json: false, keep: true).Records);
        _clock.Advance(TimeSpan.FromSeconds(10));
        AssertClose(25, Assert.Single(Map(Totals(Now, 7, 2_000), json: false, keep: true).Records), Metric.CpuUser);
        _clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Empty(Map(Totals(Now, 20, 3_000), json: false, keep: true).Records);
    }

    [Fact]
    public void Map_DeltaTemporality_NeedsNoCollectionBefore()
    {
        var request = new OtlpRequest().Host("a").Delta("system.network.io",
            new Point(Ns(Now), Ns(Now.AddSeconds(-20)), 40_000_000, ["device", "eth0", "direction", "transmit"]));
        AssertClose(2, Assert.Single(Map(request, json: false).Records), Metric.NetOut);
    }

    [Fact]
    public void Map_UsageWithoutUtilization_IsDividedByAllThereIs()
    {
        var request = new OtlpRequest().Host("a")
            .Total("system.memory.usage", At(Now, 600, "state", "used"), At(Now, 100, "state", "free"), At(Now, 100, "state", "buffered"), At(Now, 200, "state", "cached"), At(Now, 50, "state", "slab_reclaimable"))
            .Total("system.filesystem.usage", At(Now, 30, "mountpoint", "/data", "state", "used"), At(Now, 10, "mountpoint", "/data", "state", "free"), At(Now, 9, "mountpoint", "/data", "state", "reserved"));
        var record = Assert.Single(Map(request, json: false).Records);
        AssertClose(60, record, Metric.MemUsed);
        AssertClose(75, record, Metric.DiskUsage);
        Assert.False(record.Values.Has(Metric.SwapUsed));
    }

    [Fact]
    public void Map_MemoryUsageWithTheTotal_IsDividedByIt()
    {
        var request = new OtlpRequest().Host("a").Total("system.memory.usage", At(Now, 600, "state", "used"), At(Now, 300, "state", "free"), At(Now, 800, "state", "total"));
        AssertClose(75, Assert.Single(Map(request, json: false).Records), Metric.MemUsed);
    }

    [Fact]
    public void Map_MoreCollectionsThanRecordsOfARequest_IsTooLarge()
    {
        var points = Enumerable.Range(0, RecordRules.MaxRecords + 1).Select(i => At(Now.AddSeconds(-2 * i), 1.5)).ToArray();
        Assert.True(Assert.Throws<OtlpFaultException>(() => Map(new OtlpRequest().Host("a").Gauge("system.uptime", points), json: false)).TooLarge);
        Assert.Equal(points.Length - 1, Map(new OtlpRequest().Host("a").Gauge("system.uptime", points[1..]), json: false).Records.Count);
    }

    [Fact]
    public void Map_ScrapersOfOneCollectionApart_AreOneRecordAndTheNextCollectionIsAnother()
    {
        var request = new OtlpRequest().Host("a").Gauge("system.cpu.load_average.1m", At(Now.AddSeconds(-1), 1), At(Now, 2))
            .Host("a").Gauge("system.memory.utilization", At(Now.AddMilliseconds(-900), 0.5, "state", "used"));
        var records = Map(request, json: true).Records;
        Assert.Equal([1f, 2f], records.Select(r => r.Values.Get(Metric.LoadAverage)));
        AssertClose(50, records[0], Metric.MemUsed);
        Assert.False(records[1].Values.Has(Metric.MemUsed));
    }

    [Fact]
    public void Map_NoHostAheadOrNotFinite_IsRejectedWithTheReason()
    {
        var request = new OtlpRequest().Host(null).Gauge("system.uptime", At(Now, 1))
            .Host("a").Gauge("system.uptime", At(Now.AddMinutes(6), 1), At(Now, double.PositiveInfinity), At(Now, double.NaN));
        var mapping = Map(request, json: false);
        Assert.Empty(mapping.Records);
        Assert.Equal(4, mapping.Rejected);
        Assert.Contains("host.name", mapping.Why);
    }

    [Fact]
    public void Put_MoreHostsThanServers_DropsTheSilentOnesOnly()
    {
        foreach (var host in new[] { "a", "b", "c" })
            Map(new OtlpRequest().Host(host).Total("system.network.io", At(Now, 1, "device", "e", "direction", "receive")), json: false, keep: true);
        Assert.Equal(2, _counters.Count);
        Assert.Same(HostCounters.None, _counters.Get("c"));
        _clock.Advance(TimeSpan.FromHours(2));
        Map(new OtlpRequest().Host("c").Total("system.network.io", At(Now, 1, "device", "e", "direction", "receive")), json: false, keep: true);
        Assert.NotSame(HostCounters.None, _counters.Get("c"));
    }

    public void Dispose() => _services.Dispose();

    internal static OtlpRequest Full(DateTimeOffset now) => new OtlpRequest().Host("web-1")
        .Gauge("system.cpu.utilization",
            At(now, 0.2, "cpu", "cpu0", "state", "user"), At(now, 0.4, "cpu", "cpu1", "state", "user"), At(now, 0.02, "cpu", "cpu0", "state", "nice"),
            At(now, 0.02, "cpu", "cpu1", "state", "nice"), At(now, 0.1, "cpu", "cpu0", "state", "system"), At(now, 0.01, "cpu", "cpu0", "state", "softirq"),
            At(now, 0.04, "cpu", "cpu0", "cpu.mode", "iowait"), At(now, 0.5, "cpu", "cpu0", "state", "idle"))
        .Host("web-1")
        .Gauge("system.memory.utilization", At(now, 0.625, "state", "used"), At(now, 0.3, "state", "free"))
        .Gauge("system.paging.utilization", At(now, 0.25, "device", "/dev/dm-1", "state", "used"))
        .Gauge("system.filesystem.utilization", At(now, 0.9, "mountpoint", "/boot"), At(now, 0.4, "mountpoint", "/"))
        .Total("system.network.connections", At(now, 5, "protocol", "tcp", "state", "CLOSE_WAIT"), At(now, 2, "protocol", "tcp6", "state", "close_wait"), At(now, 9, "protocol", "tcp", "state", "ESTABLISHED"))
        .Total("system.network.io", At(now, 1, "device", "lo", "direction", "receive"), At(now, 1, "device", "lo", "direction", "transmit"))
        .Gauge("system.cpu.load_average.1m", At(now, 1.25))
        .Gauge("system.uptime", At(now, 172_800))
        .Total("system.disk.io", At(now, 1));

    private static OtlpRequest Totals(DateTimeOffset now, double user, double bytes)
    {
        // started long before, as a host that is up since then says
        var boot = Ns(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Point Total(double value, params string[] attributes) => new(Ns(now), boot, value, attributes);
        return new OtlpRequest().Host("a")
            .Total("system.cpu.time",
                Total(user / 2, "cpu", "0", "state", "user"), Total(user / 2, "cpu", "1", "state", "user"),
                Total(user * 1.5, "cpu", "0", "state", "idle"), Total(user * 1.5, "cpu", "1", "state", "idle"))
            .Total("system.network.io", Total(bytes, "device", "eth0", "direction", "receive"), Total(bytes, "device", "eth1", "direction", "receive"));
    }

    private OtlpMapping Map(OtlpRequest request, bool json, bool keep = false)
    {
        var mapping = _mapper.Map(json ? OtlpJson.Read(request.Json()) : OtlpProtobuf.Read(request.Protobuf()));
        foreach (var (host, totals) in keep ? mapping.Counters : [])
            _counters.Put(host, totals);
        return mapping;
    }

    private static void AssertClose(double expected, MetricRecord record, Metric metric) => Assert.Equal(expected, record.Values.Get(metric), 3);
}
