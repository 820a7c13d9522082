using Tft.Contract.Messages;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Models;
using Tft.Inference.SelfWatch;
using Tft.Inference.SelfWatch.Checks;
using Tft.Tests.Serving;

namespace Tft.Tests.SelfWatch;

/// <summary>What each check finds bad, and what not.</summary>
[Trait("Ring", "unit")]
public sealed class SystemCheckTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SelfWatchOptions _options = new();
    private readonly FakeFleetWindows _ingest = new();
    private FleetSnapshot _snapshot = Fleet(new FleetTotals());

    [Theory]
    [InlineData(100, 100, 0, false)]
    [InlineData(100, 100, 11, true)]
    [InlineData(100, 60, 40, false)] // newcomers are on the fallback by rule
    [InlineData(100, 60, 50, true)]
    [InlineData(100, 0, 100, null)]
    public void Fallback_ShareOfReadyServers(int servers, int ready, int fallback, bool? bad)
    {
        _snapshot = Fleet(new FleetTotals { Servers = servers, Ready = ready, Fallback = fallback });
        Assert.Equal(bad, Bad(new FallbackCheck(_options, () => _snapshot, Models(ModelOptions.Latest))));
        Assert.Null(Bad(new FallbackCheck(_options, () => _snapshot, Models(ModelOptions.None))));
    }

    [Theory]
    [InlineData(4.9, false)]
    [InlineData(5.1, true)]
    public void Latency_OfTheLastRun(double seconds, bool bad)
    {
        _snapshot = Fleet(new FleetTotals { Servers = 1 }, TimeSpan.FromSeconds(seconds));
        Assert.Equal(bad, Bad(new LatencyCheck(_options, () => _snapshot)));
    }

    [Fact]
    public void Warmup_OnlyAFleetThatWasWarm_HasLostSomething()
    {
        var check = new WarmupCheck(_options, () => _snapshot);
        _snapshot = Fleet(new FleetTotals { Servers = 10, Ready = 1 });
        Assert.Null(Bad(check));
        _snapshot = Fleet(new FleetTotals { Servers = 10, Ready = 10 });
        Assert.Equal(false, Bad(check));
        _snapshot = Fleet(new FleetTotals { Servers = 10, Ready = 3 });
        Assert.Equal(true, Bad(check));
    }

    [Fact]
    public void FailedPosts_ShareOfTheLastFiveMinutes()
    {
        var check = new FailedPostsCheck(_options, _ingest);
        Assert.Null(Bad(check));
        (_ingest.AcceptedRequests, _ingest.FailedRequests) = (96, 4);
        Assert.Equal(false, Bad(check, s_now.AddMinutes(1)));
        (_ingest.AcceptedRequests, _ingest.FailedRequests) = (180, 20);
        Assert.Equal(true, Bad(check, s_now.AddMinutes(2)));

        // an hour later the old failures are no news
        Assert.Null(Bad(check, s_now.AddHours(1)));
        (_ingest.AcceptedRequests, _ingest.FailedRequests) = (190, 25);
        Assert.Null(Bad(check, s_now.AddHours(1).AddMinutes(1)));
        _ingest.AcceptedRequests = 1180;
        Assert.Equal(false, Bad(check, s_now.AddHours(1).AddMinutes(2)));
    }

    [Fact]
    public void Windows_AFleetThatNeverHadEnough_IsNoFault()
    {
        _snapshot = Fleet(new FleetTotals { Servers = 2 });
        var check = new WindowCheck(_options, () => _snapshot, _ingest);
        _ingest.Add("a", 100, TimeGrid.StepOf(s_now), i => Rows.Calm(i));
        Assert.Null(Bad(check));
        _ingest.Add("b", 288, TimeGrid.StepOf(s_now), i => Rows.Calm(i));
        _ingest.Add("c", 288, TimeGrid.StepOf(s_now), i => Rows.Calm(i));
        Assert.Equal(false, Bad(check));
        _snapshot = Fleet(new FleetTotals { Servers = 5 });
        Assert.Equal((true, 1000), (Bad(check), (int)check.Read(s_now).Single().Limit));
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(null, null)]
    public void Disk_FreeShare(int? free, bool? bad) =>
        Assert.Equal(bad, Bad(new DiskCheck(_options, "data", _ => free is { } f ? (f, 100) : null)));

    [Fact]
    public void Disk_OfAFolder_IsReadFromTheSystem()
    {
        var space = DiskCheck.SpaceOf(Path.GetTempPath());
        Assert.True(space is { Free: > 0, All: var all } && all >= space.Value.Free);
    }

    [Fact]
    public void Journal_Unavailable_IsCritical()
    {
        ISystemCheck check = new JournalCheck(_ingest);
        Assert.Equal((false, "critical"), (Bad(check), check.Severity));
        _ingest.Journal = _ingest.Journal with { State = "unavailable" };
        Assert.Equal(true, Bad(check));
    }

    [Theory]
    [InlineData(5.0, 359, false)] // no bucket is lost before
    [InlineData(5.0, 361, true)]
    [InlineData(60.0, 599, false)]
    [InlineData(60.0, 601, true)]
    [InlineData(60.0, 90_000, null)] // given up
    [InlineData(null, 1000, null)]
    public void SilentSource_TenOfItsPauses(double? pause, int silent, bool? bad)
    {
        _ingest.Sources = [new SourceInfo { Name = "prometheus", LastPush = s_now.AddSeconds(-silent), LagS = 0, Records = 1, Rejected = 0, PauseS = pause }];
        Assert.Equal(bad, Bad(new SilentSourceCheck(_options, _ingest)));
    }

    [Fact]
    public void Checks_SwitchedOff_SayNothing()
    {
        var off = new SelfWatchOptions { Uptime = 0, Latency = TimeSpan.Zero, Warmup = TimeSpan.Zero, FallbackShare = 0, FailedPosts = 0, WindowSteps = 0, DiskFree = 0, SilentIntervals = 0 };
        Assert.True(new SelfWatchOptionsValidator().Validate(null, off).Succeeded);
        _snapshot = Fleet(new FleetTotals { Servers = 10, Ready = 10, Fallback = 10 }, TimeSpan.FromHours(1));
        _ingest.Sources = [_ingest.Sources[0] with { PauseS = 1, LastPush = s_now.AddHours(-1) }];
        var log = new UptimeLog();
        log.Up(s_now.AddDays(-1), s_now.AddHours(-20));
        log.Up(s_now, s_now);

        ISystemCheck[] checks =
        [
            new UptimeCheck(off, log), new LatencyCheck(off, () => _snapshot), new WarmupCheck(off, () => _snapshot), new FallbackCheck(off, () => _snapshot, Models(ModelOptions.Latest)),
            new FailedPostsCheck(off, _ingest), new WindowCheck(off, () => _snapshot, _ingest), new DiskCheck(off, "", _ => (0, 1)), new SilentSourceCheck(off, _ingest),
        ];

        Assert.All(checks, check => Assert.Null(Bad(check)));
    }

    private static ModelOptions Models(string choice) => new(choice, "models", 1, TimeSpan.Zero);

    private static FleetSnapshot Fleet(FleetTotals totals, TimeSpan taken = default) =>
        FleetSnapshot.Empty(new ModelInfo { Type = "fallback", Engine = "managed", Device = "cpu" }, s_now) with { Totals = totals, RunDuration = taken };

    private static bool? Bad(ISystemCheck check, DateTimeOffset? now = null) => check.Read(now ?? s_now).SingleOrDefault()?.IsBad;
}
