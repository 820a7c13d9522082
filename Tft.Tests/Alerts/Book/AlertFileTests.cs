using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Messages;
using Tft.Contract.Servers;
using Tft.Inference.Alerts;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Alerts.Book;

/// <summary>Alerts over a restart.</summary>
[Trait("Ring", "unit")]
public sealed class AlertFileTests : IDisposable
{
    private readonly AlertScene _scene = new();

    [Fact]
    public void File_AfterARestart_FiringGoesOnWithoutASecondAnnouncement()
    {
        using var folder = new TempFolder();
        _scene.See(now: 75);
        _scene.See(now: 75);
        _scene.Announced();
        _scene.Book.Acknowledge(_scene.Only("measured_critical").Id, "ana");
        _scene.Book.AddSilence(new SilenceInfo { Id = "s1", StartsAt = _scene.Clock.GetUtcNow(), EndsAt = _scene.Clock.GetUtcNow().AddHours(1), CreatedBy = "me", Server = "other" });
        using var file = new AlertFile(_scene.Book, folder.Path, _scene.Clock, NullLogger<AlertFile>.Instance);
        file.SaveIfChanged();

        var second = new AlertBook(_scene.Clock, _scene.Announcer, AlertRules.Default);
        using var again = new AlertFile(second, folder.Path, _scene.Clock, NullLogger<AlertFile>.Instance);
        again.Load();
        var alert = Assert.Single(second.OpenAlerts());
        Assert.Equal(("firing", "ana", "mem_used_pct"), (alert.State, alert.AcknowledgedBy, alert.Metric));
        Assert.Single(second.Silences());
        _scene.Clock.Advance(TimeSpan.FromMinutes(5));
        second.Forecast(_scene.Snapshot(75, 288, ServerState.Healthy), default, [], []);
        Assert.Empty(_scene.Announced());
        Assert.Equal(alert.Id, Assert.Single(second.OpenAlerts(), a => a.Rule == "measured_critical").Id);
    }

    [Fact]
    public void File_Broken_IsSetAsideAndTheBookBeginsEmpty()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(AlertFile.Name), "{\"firing\":[{");
        using var file = new AlertFile(_scene.Book, folder.Path, _scene.Clock, NullLogger<AlertFile>.Instance);
        file.Load();
        Assert.Empty(_scene.Book.OpenAlerts());
        Assert.True(File.Exists(folder.File(AlertFile.Name + ".broken")));
    }

    public void Dispose() => _scene.Dispose();
}
