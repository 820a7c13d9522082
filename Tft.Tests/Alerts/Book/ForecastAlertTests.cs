using Tft.Inference.Alerts;
using Tft.Inference.Forecasts;

namespace Tft.Tests.Alerts.Book;

/// <summary>What is forecast: how likely it must be and how long that must stand.</summary>
[Trait("Ring", "unit")]
public sealed class ForecastAlertTests : IDisposable
{
    private readonly AlertScene _scene = new();

    [Fact]
    public void Imminent_CrossingThatDoesNotStand_NeverFires()
    {
        for (var i = 0; i < 12; i++)
            _scene.See(soon: i % 2 == 0 ? 0.9f : 0.04f);
        Assert.DoesNotContain(_scene.Book.OpenAlerts(), a => a.State == "firing");
        _scene.See(soon: 0.05f);
        Assert.Empty(_scene.Book.OpenAlerts());
        _scene.See(soon: 0.15f);
        Assert.Equal("firing", _scene.Only("imminent_critical").State);
    }

    [Fact]
    public void Imminent_FirstSnapshotAboveTheThreshold_IsPending()
    {
        _scene.See(soon: 0.5f);
        Assert.Equal("pending", _scene.Only("imminent_critical").State);
        _scene.See(soon: 0.1f);
        Assert.DoesNotContain(_scene.Book.OpenAlerts(), a => a.Rule == "imminent_critical");
        _scene.See(soon: 0.2f);
        Assert.Equal("firing", _scene.Only("imminent_critical").State);
        Assert.Equal(["imminent_critical"], _scene.Announced().Select(a => a.Rule));
    }

    [Fact]
    public void Imminent_ChanceBetweenRecoveryAndThreshold_GoesOnFiring()
    {
        _scene.See(soon: 0.2f);
        _scene.See(soon: 0.2f);
        for (var i = 0; i < 10; i++)
            _scene.See(soon: 0.05f);
        Assert.Equal("firing", _scene.Only("imminent_critical").State);
        for (var i = 0; i < 11; i++)
            _scene.See(soon: 0.049f);
        Assert.Equal("firing", _scene.Only("imminent_critical").State);
        _scene.See(soon: 0.049f);
        Assert.Empty(_scene.Book.OpenAlerts());
        Assert.Equal(["firing", "resolved"], _scene.Announced().Select(a => a.State));
    }

    [Fact]
    public void Imminent_OfTheFallback_MustStandForHalfAnHour()
    {
        for (var i = 0; i < 5; i++)
            _scene.See(soon: 0.3f, note: new ForecastNote(FallbackReasons.NoModel));
        Assert.Equal("pending", _scene.Only("imminent_critical").State);
        _scene.See(soon: 0.3f, note: new ForecastNote(FallbackReasons.NoModel));
        Assert.Equal("firing", _scene.Only("imminent_critical").State);
    }

    [Fact]
    public void Imminent_BaseThatIsTheBetterForecast_CountsAsTheModel()
    {
        _scene.See(soon: 0.3f, note: new ForecastNote(FallbackReasons.BetterHere));
        _scene.See(soon: 0.3f, note: new ForecastNote(FallbackReasons.BetterHere));
        Assert.Equal("firing", _scene.Only("imminent_critical").State);
    }

    [Fact]
    public void Forecast_HoursAhead_FiresWhenItHasStoodForHalfAnHour()
    {
        for (var i = 0; i < 5; i++)
            _scene.See(horizon: 0.8f);
        Assert.Equal("pending", _scene.Only("forecast_critical").State);
        _scene.See(horizon: 0.8f);
        Assert.Equal("firing", _scene.Only("forecast_critical").State);
    }

    [Fact]
    public void Forecast_HoursAheadOfTheFallback_NeverBegins()
    {
        for (var i = 0; i < 12; i++)
            _scene.See(horizon: 0.99f, note: new ForecastNote(FallbackReasons.ShortWindow));
        Assert.Empty(_scene.Book.OpenAlerts());
    }

    [Fact]
    public void OpenAlerts_IdsSortByWhenAnAlertBegan_NotByWhenItsChanceRose()
    {
        _scene.See(soon: 0.06f);
        _scene.See(soon: 0.06f);
        var before = AlertId.New(_scene.Clock.GetUtcNow());
        _scene.See(soon: 0.2f);
        Assert.True(string.CompareOrdinal(_scene.Only("imminent_critical").Id, before) > 0);
    }

    public void Dispose() => _scene.Dispose();
}
