using Tft.Dashboard.Fleet;
using Tft.Dashboard.Navigation;
using Tft.Tests.Dashboard.Fakes;

namespace Tft.Tests.Dashboard.Fleet;

[Trait("Ring", "unit")]
public sealed class ServerFilterTests
{
    private static readonly List<ServerRow> s_rows = [.. FakeFleet.Of(40).Page(1, null, 1000).Predictions.Select(p => ServerRow.From(p.Key, p.Value))];

    [Fact]
    public void Apply_Default_HighestRiskFirst()
    {
        var rows = new ServerFilter(null, null, null).Apply(s_rows);

        Assert.Equal(s_rows.Count, rows.Count);
        Assert.Equal(s_rows.Max(r => r.Risk), rows[0].Risk);
        Assert.Equal(rows.OrderByDescending(r => r.Risk).Select(r => r.Risk), rows.Select(r => r.Risk));
    }

    [Fact]
    public void Apply_Filters_AllMustHold()
    {
        var rows = new ServerFilter("PPDB", null, "database").Apply(s_rows);

        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.StartsWith("ppdb", r.Name, StringComparison.Ordinal));
        Assert.Empty(new ServerFilter("ppdb", null, "web_api").Apply(s_rows));
        Assert.All(new ServerFilter(null, "critical", null).Apply(s_rows), r => Assert.Equal(Level.Critical, r.Level));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("memory")]
    [InlineData("cpu")]
    [InlineData("prob8")]
    [InlineData("no-such-column")]
    public void Apply_SortBothWays_IsTheReverseButForTies(string sort)
    {
        var up = new ServerFilter(null, null, null, sort, Ascending: true).Apply(s_rows);
        var down = new ServerFilter(null, null, null, sort).Apply(s_rows);

        Assert.Equal(up.Select(r => r.Name).Order(), down.Select(r => r.Name).Order());
        Assert.NotEqual(up[0].Name, down[0].Name);
    }

    [Fact]
    public void Urls_HostileName_IsOneParameter()
    {
        var url = DashboardUrls.ServerOf("a/b?c=d&e #\"<", "mem_used_pct");

        Assert.Equal("/server?name=a%2Fb%3Fc%3Dd%26e%20%23%22%3C&metric=mem_used_pct", url);
    }

    [Fact]
    public void Urls_EmptyValues_AreLeftOut() => Assert.Equal("/servers?sort=cpu", DashboardUrls.ServersOf(q: "", level: null, sort: "cpu"));
}
