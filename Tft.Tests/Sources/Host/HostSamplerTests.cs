using Tft.Adapters.Sources.Host;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Host;

[Trait("Ring", "unit")]
public sealed class HostSamplerTests : IDisposable
{
    private readonly FakeProc _proc = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly HostSampler _sampler;

    public HostSamplerTests() => _sampler = new HostSampler("here", _proc.Files, () => 42.125f, _clock);

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Sample_FirstCall_HasNoRatesYet() => Assert.Null(_sampler.Sample());

    [Fact]
    public void Sample_SecondCall_HasAllFourteenMetrics()
    {
        _proc.Process(77, "java", 100, 5000);
        _proc.Process(78, "bash", 900, 5000);
        _sampler.Sample();
        _proc.Process(77, "java", 130, 5000);

        // 200 ticks later: 100 user, 40 system (with interrupts), 20 wait, 40 idle.
        var record = Next("cpu  190 30 60 840 60 10 10 0 0 0\n", FakeProc.Dev(11_000_000, 4_500_000));

        Assert.Equal("here", record.ServerName);
        Assert.Equal(_clock.GetUtcNow(), record.Timestamp);
        Value(50, Metric.CpuUser, record);
        Value(20, Metric.CpuSys, record);
        Value(10, Metric.CpuIoWait, record);
        Value(20, Metric.CpuIdle, record);
        Value(15, Metric.JavaCpu, record);
        Value(75, Metric.MemUsed, record);
        Value(25, Metric.SwapUsed, record);
        Value(42.12f, Metric.DiskUsage, record);
        Value(2, Metric.NetIn, record);
        Value(0.5f, Metric.NetOut, record);
        Value(1, Metric.FrontCloseWait, record);
        Value(2, Metric.BackCloseWait, record);
        Value(1.25f, Metric.LoadAverage, record);
        Value(2, Metric.UptimeDays, record);
    }

    [Theory]
    [InlineData("stat", new[] { Metric.CpuUser, Metric.CpuSys, Metric.CpuIoWait, Metric.CpuIdle, Metric.JavaCpu })]
    [InlineData("meminfo", new[] { Metric.MemUsed, Metric.SwapUsed })]
    [InlineData("net/dev", new[] { Metric.NetIn, Metric.NetOut })]
    [InlineData("net/tcp", new[] { Metric.FrontCloseWait, Metric.BackCloseWait })]
    [InlineData("loadavg", new[] { Metric.LoadAverage })]
    [InlineData("uptime", new[] { Metric.UptimeDays })]
    public void Sample_FileMissing_ItsMetricsAreMissingAndTheOthersAreThere(string file, Metric[] missing)
    {
        _proc.Process(77, "java", 100, 5000);
        _proc.Delete(file);
        _sampler.Sample();
        if (file != "stat")
            _proc.Write("stat", "cpu  190 30 60 840 60 10 10 0 0 0\n");
        _clock.Advance(TimeSpan.FromSeconds(5));

        var record = _sampler.Sample()!;

        Assert.All(MetricCatalog.All, m => Assert.Equal(!missing.Contains(m.Id), record.Values.Has(m.Id)));
    }

    [Theory]
    [InlineData("stat", "cpu  x y z\n")]
    [InlineData("stat", "cpu  1 2\n")]
    [InlineData("stat", "")]
    [InlineData("meminfo", "MemTotal: lots\n")]
    [InlineData("meminfo", "MemTotal: 0 kB\nMemAvailable: 0 kB\n")]
    [InlineData("net/dev", "garbage\n eth0: not numbers here at all 1 2 3 4 5\n")]
    [InlineData("net/tcp", "0: nonsense\n 1: 12 34 zz\n")]
    [InlineData("loadavg", "-1 none\n")]
    [InlineData("uptime", "soon\n")]
    public void Sample_WeirdLines_NeverGiveAnImpossibleValue(string file, string text)
    {
        _sampler.Sample();
        _proc.Write(file, text);
        _clock.Advance(TimeSpan.FromSeconds(5));

        var record = _sampler.Sample()!;

        Assert.All(MetricCatalog.All, m => Assert.True(!record.Values.Has(m.Id) || (record.Values.Get(m.Id) >= m.Min && record.Values.Get(m.Id) <= m.Max), m.Name));
    }

    [Fact]
    public void Sample_OldKernelWithoutMemAvailable_UsesFreeBuffersCached()
    {
        _proc.Write("meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 150 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n");
        _sampler.Sample();
        _clock.Advance(TimeSpan.FromSeconds(5));

        var record = _sampler.Sample()!;

        Value(70, Metric.MemUsed, record);
        Value(0, Metric.SwapUsed, record);
    }

    [Fact]
    public void Sample_CounterOf32BitsWraps_CountsOn()
    {
        _proc.Write("net/dev", FakeProc.Dev(4_294_000_000, 100));
        _sampler.Sample();

        var record = Next(null, FakeProc.Dev(9_032_704, 100));

        // 967,296 bytes to the end and 9,032,704 after it, in 5 s.
        Value(2, Metric.NetIn, record);
        Value(0, Metric.NetOut, record);
    }

    [Fact]
    public void Sample_InterfaceReset_CountsNothingRatherThanNonsense()
    {
        _proc.Write("net/dev", FakeProc.Dev(500_000_000, 500_000_000));
        _sampler.Sample();

        var record = Next(null, FakeProc.Dev(1000, 1000));

        Value(0, Metric.NetIn, record);
    }

    [Fact]
    public void Sample_WaitCounterGoesBack_PartsStillSumTo100()
    {
        _sampler.Sample();

        var record = Next("cpu  190 30 60 840 35 10 10 0 0 0\n", null);

        Value(0, Metric.CpuIoWait, record);
        Assert.Equal(100, record.Values.Get(Metric.CpuUser) + record.Values.Get(Metric.CpuSys) + record.Values.Get(Metric.CpuIdle), 1);
    }

    [Fact]
    public void Sample_CountersStoodStill_CpuIsMissingAndNotZero()
    {
        _sampler.Sample();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.False(_sampler.Sample()!.Values.Has(Metric.CpuIdle));
    }

    [Fact]
    public void Sample_WallClockSetBack_RatesAreUnharmed()
    {
        var clock = new SkewedClock(_clock);
        var sampler = new HostSampler("here", _proc.Files, () => 1, clock);
        sampler.Sample();
        _proc.Write("net/dev", FakeProc.Dev(11_000_000, 2_000_000));
        _clock.Advance(TimeSpan.FromSeconds(5));
        clock.Offset = TimeSpan.FromHours(-1);

        var record = sampler.Sample()!;

        Value(2, Metric.NetIn, record);
        Assert.Equal(_clock.GetUtcNow().AddHours(-1), record.Timestamp);
    }

    [Fact]
    public void Sample_JavaNumberUsedAgain_CountsTheNewProcessFromItsStart()
    {
        _proc.Process(77, "java", 5000, 5000);
        _sampler.Sample();
        _proc.Process(77, "java", 20, 9000);

        var record = Next("cpu  190 30 60 840 60 10 10 0 0 0\n", null);

        Value(10, Metric.JavaCpu, record);
    }

    [Fact]
    public void Sample_NameWithSpacesAndParentheses_IsNotJava()
    {
        _proc.Process(77, "java) S (x", 100, 5000);
        _sampler.Sample();
        _proc.Process(77, "java) S (x", 300, 5000);

        var record = Next("cpu  190 30 60 840 60 10 10 0 0 0\n", null);

        Value(0, Metric.JavaCpu, record);
    }

    [Fact]
    public void Sample_RealProc_IsPlausible()
    {
        SkipUnless.True(OperatingSystem.IsLinux(), "needs Linux");
        var clock = new FakeTimeProvider();
        var sampler = new HostSampler("here", new ProcFiles("/proc"), () => HostSampler.DiskUsageOf("/"), clock);
        sampler.Sample();
        clock.Advance(TimeSpan.FromSeconds(1));
        // The kernel counts in hundredths of a second: work until some have passed.
        var until = Environment.TickCount64 + 300;
        while (Environment.TickCount64 < until)
            Math.Sqrt(until);

        var record = sampler.Sample()!;

        Assert.InRange(record.Values.Get(Metric.MemUsed), 0.1f, 100);
        Assert.InRange(record.Values.Get(Metric.DiskUsage), 0.1f, 100);
        Assert.InRange(record.Values.Get(Metric.CpuUser), 0.01f, 100);
        Assert.True(record.Values.Get(Metric.UptimeDays) > 0);
    }

    private MetricRecord Next(string? stat, string? dev)
    {
        if (stat is not null)
            _proc.Write("stat", stat);
        if (dev is not null)
            _proc.Write("net/dev", dev);
        _clock.Advance(TimeSpan.FromSeconds(5));
        return _sampler.Sample()!;
    }

    private static void Value(float expected, Metric metric, MetricRecord record) => Assert.Equal(expected, record.Values.Get(metric), 0.001f);

    private sealed class SkewedClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Offset;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override long TimestampFrequency => inner.TimestampFrequency;
    }
}
