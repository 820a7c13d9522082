using Bunit;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class EmptyFleetTests : DashboardContext
{
    internal override FakeFleet Fleet => FakeFleet.Of(0);

    [Fact]
    public void Render_NoServerYet_SaysWhatToDo() => Assert.Contains(Strings.NoServersHint, Open<FleetPage>("/").Markup, StringComparison.Ordinal);

    [Fact]
    public void Render_SourcesWithoutServers_AreShownNevertheless() =>
        Assert.Contains("simulator", Open<SourcesPage>("/sources").Find("table").TextContent, StringComparison.Ordinal);
}
