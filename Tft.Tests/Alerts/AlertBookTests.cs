using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Inference.Serving.Events;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Alerts;

[Trait("Ring", "unit")]
public sealed class AlertBookTests : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly AlertAnnouncer _announcer;
    private readonly AlertBook _book;

    public AlertBookTests()
    {
        var meters = _meters.GetRequiredService<IMeterFactory>();
        _announcer = new AlertAnnouncer(new EventHub(meters), meters, _clock, NullLogger<AlertAnnouncer>.Instance);
        _book = new AlertBook(_clock, _announcer, AlertRules.Default);
    }

    [Fact]
    public void Measured_OneSnapshot_IsPendingAndTwoOfThreeFire()
    {
        See(now: 75);
        Assert.Equal("pending", Only("measured_critical").State);
        See(now: 0);
        Assert.Equal("pending", Only("measured_critical").State);
        See(now: 75);
        Assert.Equal("firing", Only("measured_critical").State);
        Assert.Equal(["firing"], Announced().Select(a => a.State));
    }

    [Fact]
    public void Measured_OneSpike_NeverFires()
    {
        See(now: 90);
        for (var i = 0; i < 4; i++)
            See(now: 0);
        Assert.Empty(_book.OpenAlerts());
        Assert.Empty(Announced());
    }

    [Fact]
    public void Imminent_CrossingThatDoesNotStand_NeverFires()
    {
        for (var i = 0; i < 12; i++)
            See(soon: i % 2 == 0 ? 0.9f : 0.04f);
        Assert.DoesNotContain(_book.OpenAlerts(), a => a.State == "firing");
        See(soon: 0.05f);
        Assert.Empty(_book.OpenAlerts());
        See(soon: 0.15f);
        Assert.Equal("firing", Only("imminent_critical").State);
    }

    [Fact]
    public void Imminent_FirstSnapshotAboveTheThreshold_IsPending()
    {
        See(soon: 0.5f);
        Assert.Equal("pending", Only("imminent_critical").State);
        See(soon: 0.1f);
        Assert.DoesNotContain(_book.OpenAlerts(), a => a.Rule == "imminent_critical");
        See(soon: 0.2f);
        Assert.Equal("firing", Only("imminent_critical").State);
        Assert.Equal(["imminent_critical"], Announced().Select(a => a.Rule));
    }

    [Fact]
    public void Imminent_ChanceBetweenRecoveryAndThreshold_GoesOnFiring()
    {
        See(soon: 0.2f);
        See(soon: 0.2f);
        for (var i = 0; i < 10; i++)
            See(soon: 0.05f);
        Assert.Equal("firing", Only("imminent_critical").State);
        for (var i = 0; i < 11; i++)
            See(soon: 0.049f);
        Assert.Equal("firing", Only("imminent_critical").State);
        See(soon: 0.049f);
        Assert.Empty(_book.OpenAlerts());
        Assert.Equal(["firing", "resolved"], Announced().Select(a => a.State));
    }

    [Fact]
    public void Imminent_OfTheFallback_MustStandForHalfAnHour()
    {
        for (var i = 0; i < 5; i++)
            See(soon: 0.3f, note: new ForecastNote(FallbackReasons.NoModel));
        Assert.Equal("pending", Only("imminent_critical").State);
        See(soon: 0.3f, note: new ForecastNote(FallbackReasons.NoModel));
        Assert.Equal("firing", Only("imminent_critical").State);
    }

    [Fact]
    public void Imminent_BaseThatIsTheBetterForecast_CountsAsTheModel()
    {
        See(soon: 0.3f, note: new ForecastNote(FallbackReasons.BetterHere));
        See(soon: 0.3f, note: new ForecastNote(FallbackReasons.BetterHere));
        Assert.Equal("firing", Only("imminent_critical").State);
    }

    [Fact]
    public void Forecast_HoursAhead_FiresWhenItHasStoodForHalfAnHour()
    {
        for (var i = 0; i < 5; i++)
            See(horizon: 0.8f);
        Assert.Equal("pending", Only("forecast_critical").State);
        See(horizon: 0.8f);
        Assert.Equal("firing", Only("forecast_critical").State);
    }

    [Fact]
    public void Forecast_HoursAheadOfTheFallback_NeverBegins()
    {
        for (var i = 0; i < 12; i++)
            See(horizon: 0.99f, note: new ForecastNote(FallbackReasons.ShortWindow));
        Assert.Empty(_book.OpenAlerts());
    }

    [Fact]
    public void OpenAlerts_IdsSortByWhenAnAlertBegan_NotByWhenItsChanceRose()
    {
        See(soon: 0.06f);
        See(soon: 0.06f);
        var before = AlertId.New(_clock.GetUtcNow());
        See(soon: 0.2f);
        Assert.True(string.CompareOrdinal(Only("imminent_critical").Id, before) > 0);
    }

    [Fact]
    public void Firing_ValueBetweenRecoveryAndThreshold_GoesOnFiring()
    {
        See(now: 75);
        See(now: 75);
        for (var i = 0; i < 10; i++)
            See(now: 61);
        Assert.Equal("firing", Only("measured_critical").State);
        for (var i = 0; i < 5; i++)
            See(now: 59);
        Assert.Equal("firing", Only("measured_critical").State);
        See(now: 59);
        Assert.DoesNotContain(_book.OpenAlerts(), a => a.Rule == "measured_critical");
        var resolved = Assert.Single(_book.Between(_clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow()), a => a.Rule == "measured_critical");
        Assert.Equal("resolved", resolved.State);
        Assert.NotNull(resolved.ResolvedAt);
    }

    [Fact]
    public void Firing_RecoveredAtOnce_IsHeldForTenMinutes()
    {
        See(now: 75, minutes: 1);
        See(now: 75, minutes: 1);
        for (var i = 0; i < 9; i++)
        {
            See(now: 0, minutes: 1);
            Assert.Equal("firing", Only("measured_critical").State);
        }

        See(now: 0, minutes: 1);
        Assert.DoesNotContain(_book.OpenAlerts(), a => a.Rule == "measured_critical");
        Assert.Equal(["firing", "resolved"], Announced().Select(a => a.State));
    }

    [Fact]
    public void See_SameBucketTwice_CountsOnce()
    {
        See(now: 75);
        for (var i = 0; i < 5; i++)
            See(now: 75, minutes: 0);
        Assert.Equal("pending", Only("measured_critical").State);
    }

    [Fact]
    public void See_WarmingUp_NothingBegins()
    {
        for (var i = 0; i < 5; i++)
            See(now: 100, knownSteps: 35);
        Assert.Empty(_book.OpenAlerts());
    }

    [Fact]
    public void See_BackfillOfYesterday_NothingBegins()
    {
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            var old = Snapshot(90, 288, ServerState.Healthy, 0.9f);
            _book.Forecast(old with { OriginSeconds = old.OriginSeconds - 86_400 }, default, [], []);
        }

        Assert.Empty(_book.OpenAlerts());
    }

    [Fact]
    public void Firing_CriticalAndWarningOfOneMetric_OnlyTheWorseIsAnnounced()
    {
        for (var i = 0; i < 5; i++)
            See(now: 75, soon: 0.9f, horizon: 0.9f);
        Assert.Equal(["measured_critical"], Announced().Select(a => a.Rule));
        Assert.All(_book.OpenAlerts().Where(a => a.Rule != "measured_critical"), a => Assert.True(a.Inhibited));
    }

    [Fact]
    public void Firing_InhibitedUntilTheWorseOneEnds_IsNewsOnlyWhileItsThresholdIsReached()
    {
        for (var i = 0; i < 4; i++)
            See(now: 75, soon: 0.9f);
        for (var i = 0; i < 7; i++)
            See(soon: 0.1f);
        Assert.Equal([("measured_critical", "firing"), ("measured_critical", "resolved")], Announced().Select(a => (a.Rule, a.State)));
        Assert.Equal("firing", Only("imminent_critical").State);
        See(soon: 0.2f);
        Assert.Equal(["imminent_critical"], Announced().Select(a => a.Rule));
    }

    [Fact]
    public void Silence_WhileItLasts_NothingIsAnnouncedAndAfterItWhatStillFiresIs()
    {
        var end = _clock.GetUtcNow().AddMinutes(30);
        Assert.True(_book.AddSilence(new SilenceInfo { Id = "s1", Server = "pp*", StartsAt = _clock.GetUtcNow(), EndsAt = end, CreatedBy = "me" }));
        See(now: 75);
        See(now: 75);
        Assert.Empty(Announced());
        Assert.Equal(end, Only("measured_critical").SilencedUntil);
        for (var i = 0; i < 5; i++)
            See(now: 75);
        Assert.Equal("measured_critical", Assert.Single(Announced()).Rule);
        Assert.Empty(_book.Silences());
    }

    [Fact]
    public void Silence_OfAnotherServerOrRule_SilencesNothing()
    {
        var silence = new SilenceInfo { Id = "s", StartsAt = _clock.GetUtcNow(), EndsAt = _clock.GetUtcNow().AddHours(1), CreatedBy = "me" };
        _book.AddSilence(silence with { Server = "db*" });
        _book.AddSilence(silence with { Rule = "forecast_critical" });
        _book.AddSilence(silence with { Metric = "disk_usage_pct" });
        See(now: 75);
        See(now: 75);
        Assert.Single(Announced());
    }

    [Fact]
    public void Maintenance_StateOfTheServer_IsNotAnnounced()
    {
        for (var i = 0; i < 3; i++)
            See(now: 75, state: ServerState.Maintenance);
        Assert.Empty(Announced());
        See(now: 75);
        Assert.Single(Announced());
    }

    [Fact]
    public void Acknowledge_OpenAlert_NamesWho()
    {
        See(now: 75);
        See(now: 75);
        var alert = _book.Acknowledge(Only("measured_critical").Id, "ana");
        Assert.Equal("ana", alert!.AcknowledgedBy);
        Assert.Null(_book.Acknowledge("nothing", "ana"));
    }

    [Fact]
    public void Retired_FiringAlert_IsResolved()
    {
        See(now: 75);
        See(now: 75);
        _book.Retired(Snapshot(0, 288, ServerState.Healthy));
        Assert.Empty(_book.OpenAlerts());
        Assert.Equal(["firing", "resolved"], Announced().Select(a => a.State));
    }

    [Fact]
    public void File_AfterARestart_FiringGoesOnWithoutASecondAnnouncement()
    {
        using var folder = new TempFolder();
        See(now: 75);
        See(now: 75);
        Announced();
        _book.Acknowledge(Only("measured_critical").Id, "ana");
        _book.AddSilence(new SilenceInfo { Id = "s1", StartsAt = _clock.GetUtcNow(), EndsAt = _clock.GetUtcNow().AddHours(1), CreatedBy = "me", Server = "other" });
        using var file = new AlertFile(_book, folder.Path, _clock, NullLogger<AlertFile>.Instance);
        file.SaveIfChanged();

        var second = new AlertBook(_clock, _announcer, AlertRules.Default);
        using var again = new AlertFile(second, folder.Path, _clock, NullLogger<AlertFile>.Instance);
        again.Load();
        var alert = Assert.Single(second.OpenAlerts());
        Assert.Equal(("firing", "ana", "mem_used_pct"), (alert.State, alert.AcknowledgedBy, alert.Metric));
        Assert.Single(second.Silences());
        _clock.Advance(TimeSpan.FromMinutes(5));
        second.Forecast(Snapshot(75, 288, ServerState.Healthy), default, [], []);
        Assert.Empty(Announced());
        Assert.Equal(alert.Id, Assert.Single(second.OpenAlerts(), a => a.Rule == "measured_critical").Id);
    }

    [Fact]
    public void File_Broken_IsSetAsideAndTheBookBeginsEmpty()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(AlertFile.Name), "{\"firing\":[{");
        using var file = new AlertFile(_book, folder.Path, _clock, NullLogger<AlertFile>.Instance);
        file.Load();
        Assert.Empty(_book.OpenAlerts());
        Assert.True(File.Exists(folder.File(AlertFile.Name + ".broken")));
    }

    [Fact]
    public void Announcer_NobodyReads_KeepsTheNewestThousand()
    {
        for (var i = 0; i < 1200; i++)
            _announcer.Announce(Info($"a{i}"));
        var kept = Announced();
        Assert.Equal(1000, kept.Count);
        Assert.Equal("a1199", kept[^1].Id);
    }

    public void Dispose() => _meters.Dispose();

    private static AlertInfo Info(string id) => new()
    {
        Id = id, Server = "s", Metric = "mem_used_pct", Rule = "measured_critical", State = "firing", Severity = "critical", RiskScore = 1,
        Since = DateTimeOffset.UnixEpoch, ExpectedAt = new ExpectedAt(null, null), Threshold = 1, Reasons = [],
    };

    private void See(
        float now = 0, float soon = 0, float horizon = 0, double minutes = 5, int knownSteps = 288, ServerState state = ServerState.Healthy, ForecastNote? note = null)
    {
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        _book.Forecast(Snapshot(now, knownSteps, state, soon, horizon) with { Note = note ?? ForecastNote.Tft }, default, [], []);
    }

    private ServerSnapshot Snapshot(float now, int knownSteps, ServerState state, float soon = 0, float horizon = 0)
    {
        var (measured, chances) = (default(MetricSeverities), default(MetricChances));
        measured.Set(RiskMetric.Memory, now);
        chances.See(RiskMetric.Memory, RiskLevel.Critical, 0, soon);
        chances.See(RiskMetric.Memory, RiskLevel.Critical, 90, horizon);
        return new ServerSnapshot
        {
            Number = 0, Name = "ppml0001", Id = "921211", Profile = ServerProfile.MlCompute, State = state, Current = MetricValues.Missing,
            LastRecordSeconds = _clock.GetUtcNow().ToUnixTimeSeconds(), OriginSeconds = _clock.GetUtcNow().ToUnixTimeSeconds(),
            KnownSteps = knownSteps, MeasuredSteps = knownSteps, Note = ForecastNote.Tft,
            Risk = new ServerRisk
            {
                Current = now, Now = measured, Chances = chances,
                Reasons = [new Reason(RiskMetric.Memory, 0, ReasonSource.Measured, RiskLevels.Of(now), 95, 96, now, false)],
            },
        };
    }

    private AlertInfo Only(string rule) => Assert.Single(_book.OpenAlerts(), a => a.Rule == rule);

    private List<AlertInfo> Announced()
    {
        var all = new List<AlertInfo>();
        while (_announcer.Queue.TryRead(out var alert))
            all.Add(alert);
        return all;
    }
}
