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

    private string Summary(Tft.Contract.Messages.ServerForecast forecast) => Render<ServerSummary>(p => p
        .Add(s => s.Forecast, forecast)
        .Add(s => s.Zone, TimeZoneInfo.Utc)
        .Add(s => s.Now, DateTimeOffset.UnixEpoch)).Markup;
}
