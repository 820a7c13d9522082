using Bunit;
using Tft.Dashboard.Controls;
using Tft.Dashboard.Pages;
using Tft.Dashboard.Text;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Pages;

[Trait("Ring", "component")]
public sealed class ServersPageTests : DashboardContext
{
    [Fact]
    public void Url_Filters_CountWhatIsShown() =>
        Assert.Contains("2 of 12", Open<ServersPage>("/servers?profile=database").Find(".tft-toolbar").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task Sort_ClickTwice_TurnsTheOrderInTheUrl()
    {
        var page = Open<ServersPage>("/servers?q=pp");

        await ClickAsync(page, ".tft-sort");
        await AddressEndsAsync("/servers?q=pp&sort=name&asc=1");
        page.WaitForAssertion(() => Assert.Equal("ascending", page.FindAll("th")[0].GetAttribute("aria-sort")), Eventually.Timeout);

        await ClickAsync(page, ".tft-sort");
        await AddressEndsAsync("/servers?q=pp&sort=name");
    }

    [Fact]
    public async Task Search_Typing_IsOneQueryAfterAPause()
    {
        var page = Open<ServersPage>("/servers");

        await ActAsync(page, "[data-search]", input => input.Input("pp"));
        await ActAsync(page, "[data-search]", input => input.Input("ppdb"));

        await AddressEndsAsync("/servers?q=ppdb");
    }

    [Fact]
    public async Task NothingMatches_OffersToClear()
    {
        var page = Open<ServersPage>("/servers?q=nobody");

        Assert.Contains(Strings.NoMatch, page.Markup, StringComparison.Ordinal);
        await ClickAsync(page, ".tft-empty button");
        await AddressEndsAsync("/servers");
    }

    [Fact]
    public void Selected_OpensThePaneAndCloseKeepsTheFilters()
    {
        var page = Open<ServersPage>("/servers?profile=database&selected=ppdb0001");

        page.WaitForState(() => page.FindComponent<ServerPane>().FindAll("figure").Count == 4);
        Assert.Equal("/servers?profile=database", page.Find("[data-close]").GetAttribute("href"));
    }
}
