using Bunit;
using Tft.Contract.Servers;
using Tft.Dashboard.Controls;
using Tft.Tests.Dashboard.Fakes;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class ServerSummaryTests : DashboardContext
{
    [Fact]
    public void Render_NetworksLoseOnAMetric_NamesIt()
    {
        var forecast = new FakeServer("ppml0001", ServerProfile.MlCompute).Forecast(DateTimeOffset.UnixEpoch, 1);
        Assert.DoesNotContain("better here", Summary(forecast with { FallbackMetrics = [] }), StringComparison.Ordinal);
        Assert.Contains("TFT<span class=\"tft-dim\"> · fallback, better here, for mem used pct, disk usage pct</span>",
            Summary(forecast with { FallbackMetrics = ["mem_used_pct", "disk_usage_pct"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Quality_IsThatOfTheMetricInTheMiddle()
    {
        var forecast = new FakeServer("ppml0001", ServerProfile.MlCompute).Forecast(DateTimeOffset.UnixEpoch, 1);
        Assert.Contains("coverage 81 % of 80 %, ahead of seasonal naive on 14 of 14 metrics", Summary(forecast), StringComparison.Ordinal);
        var poor = forecast.Predictions.ToDictionary(p => p.Key, p => p.Key == "load_average" ? p.Value : p.Value with { Quality = new() { N = 100, Cover80 = 0.81, Skill = -0.2 } });
        Assert.Contains("worse than yesterday’s value</span><span class=\"tft-dim\"> coverage 81 % of 80 %, ahead of seasonal naive on 1 of 14 metrics", Summary(forecast with { Predictions = poor }), StringComparison.Ordinal);
        var fresh = forecast.Predictions.ToDictionary(p => p.Key, p => p.Value with { Quality = new() { N = 2, Cover80 = 1 } });
        Assert.Contains("not known yet", Summary(forecast with { Predictions = fresh }), StringComparison.Ordinal);
    }

    private string Summary(Tft.Contract.Messages.ServerForecast forecast) => Render<ServerSummary>(p => p
        .Add(s => s.Forecast, forecast)
        .Add(s => s.Zone, TimeZoneInfo.Utc)
        .Add(s => s.Now, DateTimeOffset.UnixEpoch)).Markup;
}
