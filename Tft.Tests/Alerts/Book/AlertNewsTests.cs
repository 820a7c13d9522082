using Tft.Contract.Messages;
using Tft.Contract.Servers;

namespace Tft.Tests.Alerts.Book;

/// <summary>Which alerts are announced: not those that a worse one, a silence or maintenance keeps back.</summary>
[Trait("Ring", "unit")]
public sealed class AlertNewsTests : IDisposable
{
    private readonly AlertScene _scene = new();

    [Fact]
    public void Firing_CriticalAndWarningOfOneMetric_OnlyTheWorseIsAnnounced()
    {
        for (var i = 0; i < 5; i++)
            _scene.See(now: 75, soon: 0.9f, horizon: 0.9f);
        Assert.Equal(["measured_critical"], _scene.Announced().Select(a => a.Rule));
        Assert.All(_scene.Book.OpenAlerts().Where(a => a.Rule != "measured_critical"), a => Assert.True(a.Inhibited));
    }

    [Fact]
    public void Firing_InhibitedUntilTheWorseOneEnds_IsNewsOnlyWhileItsThresholdIsReached()
    {
        for (var i = 0; i < 4; i++)
            _scene.See(now: 75, soon: 0.9f);
        for (var i = 0; i < 7; i++)
            _scene.See(soon: 0.1f);
        Assert.Equal([("measured_critical", "firing"), ("measured_critical", "resolved")], _scene.Announced().Select(a => (a.Rule, a.State)));
        Assert.Equal("firing", _scene.Only("imminent_critical").State);
        _scene.See(soon: 0.2f);
        Assert.Equal(["imminent_critical"], _scene.Announced().Select(a => a.Rule));
    }

    [Fact]
    public void Silence_WhileItLasts_NothingIsAnnouncedAndAfterItWhatStillFiresIs()
    {
        var end = _scene.Clock.GetUtcNow().AddMinutes(30);
        Assert.True(_scene.Book.AddSilence(new SilenceInfo { Id = "s1", Server = "pp*", StartsAt = _scene.Clock.GetUtcNow(), EndsAt = end, CreatedBy = "me" }));
        _scene.See(now: 75);
        _scene.See(now: 75);
        Assert.Empty(_scene.Announced());
        Assert.Equal(end, _scene.Only("measured_critical").SilencedUntil);
        for (var i = 0; i < 5; i++)
            _scene.See(now: 75);
        Assert.Equal("measured_critical", Assert.Single(_scene.Announced()).Rule);
        Assert.Empty(_scene.Book.Silences());
    }

    [Fact]
    public void Silence_OfAnotherServerOrRule_SilencesNothing()
    {
        var silence = new SilenceInfo { Id = "s", StartsAt = _scene.Clock.GetUtcNow(), EndsAt = _scene.Clock.GetUtcNow().AddHours(1), CreatedBy = "me" };
        _scene.Book.AddSilence(silence with { Server = "db*" });
        _scene.Book.AddSilence(silence with { Rule = "forecast_critical" });
        _scene.Book.AddSilence(silence with { Metric = "disk_usage_pct" });
        _scene.See(now: 75);
        _scene.See(now: 75);
        Assert.Single(_scene.Announced());
    }

    [Fact]
    public void Maintenance_StateOfTheServer_IsNotAnnounced()
    {
        for (var i = 0; i < 3; i++)
            _scene.See(now: 75, state: ServerState.Maintenance);
        Assert.Empty(_scene.Announced());
        _scene.See(now: 75);
        Assert.Single(_scene.Announced());
    }

    [Fact]
    public void Acknowledge_OpenAlert_NamesWho()
    {
        _scene.See(now: 75);
        _scene.See(now: 75);
        var alert = _scene.Book.Acknowledge(_scene.Only("measured_critical").Id, "ana");
        Assert.Equal("ana", alert!.AcknowledgedBy);
        Assert.Null(_scene.Book.Acknowledge("nothing", "ana"));
    }

    [Fact]
    public void Announcer_NobodyReads_KeepsTheNewestThousand()
    {
        for (var i = 0; i < 1200; i++)
            _scene.Announcer.Announce(Delivery.SomeAlerts.Firing($"a{i}"));
        var kept = _scene.Announced();
        Assert.Equal(1000, kept.Count);
        Assert.Equal("a1199", kept[^1].Id);
    }

    public void Dispose() => _scene.Dispose();
}
