using Tft.Dashboard.Fleet;
using Tft.Dashboard.Heatmap;
using Tft.Tests.Dashboard.Fakes;

namespace Tft.Tests.Dashboard.Fleet;

[Trait("Ring", "unit")]
public sealed class HeatmapDataTests
{
    private static readonly FleetView s_view = View(FakeFleet.Of(50));

    private static FleetView View(FakeFleet fleet)
    {
        var page = fleet.Page(7, null, 1000);
        return new()
        {
            Rows = [.. page.Predictions.Select(p => ServerRow.From(p.Key, p.Value))],
            Environment = page.Environment,
            Warmup = page.Warmup,
            Model = page.Model,
            Status = fleet.Status(7, 0),
            Snapshot = 7,
            Timestamp = page.Timestamp,
            FetchedAt = page.Timestamp,
        };
    }

    public static TheoryData<string> Scales => [.. HeatmapScale.All.Select(s => s.Key)];

    [Theory]
    [MemberData(nameof(Scales))]
    public void From_AnyScale_EveryServerHasItsColumnInEveryLead(string key)
    {
        var data = HeatmapData.From(s_view, HeatmapScale.Find(key));

        Assert.Equal(50, data.Names.Distinct().Count());
        Assert.All(data.Values, lead => Assert.Equal(50, lead.Length));
        Assert.Equal(HeatmapScale.Find(key).Leads.Length, data.Values.Length);
        Assert.True(data.Full > data.Calm);
        Assert.Equal(data.Group.Order(), data.Group);
    }

    [Fact]
    public void From_Memory_IsTheEdgeOfTheBandAtEachLead()
    {
        var data = HeatmapData.From(s_view, HeatmapScale.Find("memory"));
        var row = s_view.Rows[17];

        var at = Array.IndexOf(data.Names, row.Name);

        var memory = row.Glances[ServerRow.Memory];
        Assert.Equal([memory.Now, memory.In30m.P90, memory.In1h.P90, memory.In8h.P90], data.Values.Select(v => v[at]!.Value), (a, b) => Math.Abs(a - b) <= 0.06f);
    }

    [Fact]
    public void From_MetricThatAServerLacks_IsNull()
    {
        var lacking = ServerRow.From("ppx", FakeFleet.Of(1).Page(1, null, 1, ["cpu_idle_pct"]).Predictions.Values.Single());

        Assert.Null(HeatmapData.From(s_view with { Rows = [lacking] }, HeatmapScale.Find("memory")).Values[0][0]);
    }

    [Fact]
    public void Find_Nonsense_IsRisk() => Assert.Equal("risk", HeatmapScale.Find("<script>").Key);
}
