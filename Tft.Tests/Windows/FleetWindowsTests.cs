using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Windows;
using Tft.Inference.Windows.Sources;
using Tft.Inference.Windows.Storage;

namespace Tft.Tests.Windows;

[Trait("Ring", "unit")]
public sealed class FleetWindowsTests : IDisposable
{
    private static readonly uint s_noon = WindowsDriver.At("2026-03-02T12:00:00Z");
    private readonly WindowsDriver _driver = new();

    public void Dispose() => _driver.Dispose();

    [Fact]
    public void Apply_RecordsOfOneBucket_AreAveragedOnceALaterBegins()
    {
        _driver.Feed("a", s_noon, 10);
        _driver.Feed("a", s_noon + 5, 20);
        Assert.Equal(0, _driver.Read("a").Info.KnownSteps);

        _driver.Feed("a", s_noon + 300, 99);

        var (info, _, states) = _driver.Read("a");
        Assert.Equal(new WindowInfo(s_noon / 300, 1, 1), info);
        Assert.Equal([float.NaN, 15f], _driver.LastCpu("a", 2));
        Assert.Equal([ServerState.Missing, ServerState.Healthy], states[^2..]);
        Assert.Equal(1, _driver.Windows.ClosedSteps);
    }

    [Fact]
    public void Apply_CountsAndState_KeepTheLastAndTheWorst()
    {
        Feed(0, 3, 5, ServerState.Healthy);
        Feed(200, 7, 6, ServerState.Offline);
        Feed(100, 9, 99, ServerState.Idle);
        _driver.Feed("a", s_noon + 300, 1);

        var (_, values, states) = _driver.Read("a");
        var row = values.AsSpan(287 * MetricCatalog.Count);
        Assert.Equal(7, row[(int)Metric.BackCloseWait]);
        Assert.Equal(6, row[(int)Metric.UptimeDays]);
        Assert.True(float.IsNaN(row[(int)Metric.NetIn]));
        Assert.Equal(ServerState.Offline, states[^1]);

        void Feed(uint second, float closeWait, float uptime, ServerState state)
        {
            var values = MetricValues.Missing;
            values.Set(Metric.BackCloseWait, closeWait);
            values.Set(Metric.UptimeDays, uptime);
            _driver.Feed("a", s_noon + second, values, state: state);
        }
    }

    [Fact]
    public void Apply_TheSameSecondOfTheSameSource_IsADuplicateAndChangesNothing()
    {
        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon, 10));
        Assert.Equal(Verdict.Duplicate, _driver.Feed("a", s_noon, 90));
        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon, 20, source: "other"));
        _driver.Feed("a", s_noon + 300, 1);
        _driver.Feed("a", s_noon + 300, 1, source: "other");

        Assert.Equal([15f], _driver.LastCpu("a", 1));
    }

    [Fact]
    public void Apply_LateWithin15Minutes_ReopensTheBucket()
    {
        _driver.Feed("a", s_noon, 10);
        _driver.Feed("a", s_noon + 900, 50);
        Assert.Equal([10f, float.NaN, float.NaN], _driver.LastCpu("a", 3));
        _driver.TakeChanged();

        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon + 1, 30));

        Assert.Equal([20f, float.NaN, float.NaN], _driver.LastCpu("a", 3));
        Assert.Equal([0], _driver.TakeChanged());
    }

    [Fact]
    public void Apply_LaterThan15Minutes_FillsOnlyAnEmptyBucket()
    {
        _driver.Feed("a", s_noon, 10);
        _driver.Feed("a", s_noon + 1_800, 50);

        Assert.Equal(Verdict.TooLate, _driver.Feed("a", s_noon + 1, 30));
        Assert.Equal(Verdict.Duplicate, _driver.Feed("a", s_noon, 10));
        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon + 300, 30));
        Assert.Equal(Verdict.Duplicate, _driver.Feed("a", s_noon + 300, 30));
        Assert.Equal(Verdict.TooLate, _driver.Feed("a", s_noon + 301, 31));
        Assert.Equal([10f, 30f, float.NaN, float.NaN, float.NaN, float.NaN], _driver.LastCpu("a", 6));
    }

    [Fact]
    public void Apply_OlderThanTheWindow_IsTooOld()
    {
        _driver.Feed("a", s_noon, 10);

        Assert.Equal(Verdict.Accepted, _driver.Feed("a", s_noon - (288 * 300), 1));
        Assert.Equal(Verdict.TooOld, _driver.Feed("a", s_noon - (288 * 300) - 1, 1));
        Assert.Equal(288, _driver.Read("a").Info.KnownSteps);
        Assert.Equal(1, _driver.Read("a").Info.MeasuredSteps);
    }

    [Fact]
    public void Apply_BackfillInAnyOrder_MakesTheSameWindow()
    {
        var steps = Enumerable.Range(0, 301).ToArray();
        foreach (var step in steps)
            _driver.Feed("up", s_noon + ((uint)step * 300), step);
        new Random(7).Shuffle(steps.AsSpan(0, 300));
        _driver.Feed("random", s_noon + (300 * 300), 300);
        foreach (var step in steps.Where(s => s >= 12))
            _driver.Feed("random", s_noon + ((uint)step * 300), step);

        Assert.Equal(_driver.Read("up").Values, _driver.Read("random").Values);
        Assert.Equal(2, _driver.Windows.Ready);
    }

    [Fact]
    public void Apply_GapLongerThanTheWindow_LeavesNothingOld()
    {
        for (var i = 0u; i < 10; i++)
            _driver.Feed("a", s_noon + (i * 300), 1);

        _driver.Feed("a", s_noon + (1_000 * 300), 5);

        var (info, values, _) = _driver.Read("a");
        Assert.Equal(0, info.MeasuredSteps);
        Assert.All(values, v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void Retire_Server_DropsItAndItComesBackAsNew()
    {
        for (var i = 0u; i <= 300; i++)
            _driver.Feed("a", s_noon + (i * 300), 1);
        Assert.Equal((1, 1), (_driver.Windows.Active, _driver.Windows.Ready));
        Assert.Equal(-1, _driver.Windows.NextToRetire(-1, s_noon + (300 * 300) + FleetWindows.RetireAfterSeconds - 1));
        Assert.Equal(0, _driver.Windows.NextToRetire(-1, s_noon + (300 * 300) + FleetWindows.RetireAfterSeconds));

        _driver.Retire("a");
        Assert.True(_driver.Windows.Facts(0).Retired);
        Assert.Equal((0, 0, 0L), (_driver.Windows.Active, _driver.Windows.Ready, _driver.Windows.ClosedSteps));

        _driver.Feed("a", s_noon + 200_000_00, 3);
        Assert.False(_driver.Windows.Facts(0).Retired);
        Assert.Equal(0, _driver.Read("a").Info.KnownSteps);
    }

    [Fact]
    public void Facts_OfAServer_AreThoseOfItsNewestRecord()
    {
        _driver.Feed("ppdb1", s_noon + 10, 10, state: ServerState.HeavyLoad);
        _driver.Feed("ppdb1", s_noon, 50);

        var facts = _driver.Windows.Facts(0);
        Assert.Equal(("ppdb1", ServerProfile.Database, ServerState.HeavyLoad, s_noon + 10L, false), (facts.Name, facts.Profile, facts.State, facts.LastRecordSeconds, facts.Retired));
        Assert.Equal(10, facts.Last.Get(Metric.CpuUser));
    }

    [Fact]
    public void TakeChanged_ServerThatChangedTwice_IsGivenOnce()
    {
        for (var i = 0u; i < 5; i++)
        {
            _driver.Feed("a", s_noon + (i * 300), 1);
            _driver.Feed("b", s_noon + (i * 300), 1);
        }

        Assert.Equal([0, 1], _driver.TakeChanged());
        Assert.Empty(_driver.TakeChanged());
        Assert.False(_driver.Windows.WaitForChangeAsync(default).IsCompleted);
    }

    [Fact]
    public void WaitForChange_TakenOnlyInPart_CompletesAtOnce()
    {
        _driver.Feed("a", s_noon, 1);
        _driver.Feed("b", s_noon, 1);
        Assert.Equal(1, _driver.Windows.TakeChanged(new int[1]));

        Assert.True(_driver.Windows.WaitForChangeAsync(default).IsCompletedSuccessfully);
    }

    [Fact]
    public void Apply_ServersBeyondTheLimit_AreRefusedWhileKnownOnesGoOn()
    {
        using var driver = new WindowsDriver(maxServers: 2);
        driver.Feed("a", s_noon, 1);
        var entry = new Inference.Journal.EntryBuilder();
        entry.Start(Inference.Journal.Entry.Samples, "test", s_noon * 1_000L);
        foreach (var (name, i) in new[] { "a", "b", "c", "b" }.Select((n, i) => (n, i)))
            entry.Add(i, System.Text.Encoding.UTF8.GetBytes(name), s_noon + 10 + i, ServerState.Healthy, 255, WindowsDriver.Cpu(1));
        var bytes = entry.Written;
        Inference.Journal.Entry.SetSequence(bytes.Span, 100);

        Assert.True(driver.Windows.MayExceedServers(entry.Count));
        driver.Windows.RefuseNewServers(bytes.Span, []);
        var verdicts = new Verdict[4];
        driver.Windows.Apply(bytes.Span, verdicts);

        Assert.Equal([Verdict.Accepted, Verdict.Accepted, Verdict.TooManyServers, Verdict.Accepted], verdicts);
        Assert.Equal(2, driver.Windows.Active);
    }

    [Fact]
    public void Storage_Of100000Servers_FitsIn2Point5Gigabytes()
    {
        var perServer = (TimeGrid.WindowSteps * (MetricCatalog.Count * sizeof(float)))
            + TimeGrid.WindowSteps
            + (SourceSlot.Buckets * System.Runtime.CompilerServices.Unsafe.SizeOf<Bucket>())
            + System.Runtime.CompilerServices.Unsafe.SizeOf<SourceSlot>()
            + System.Runtime.CompilerServices.Unsafe.SizeOf<ServerHead>()
            + 200;

        Assert.True(perServer * 100_000L < 2_500_000_000, $"{perServer} bytes a server");
    }
}
