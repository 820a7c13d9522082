using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Inference.Cascades;
using Tft.Inference.Risk;

namespace Tft.Tests.Cascades;

[Trait("Ring", "unit")]
public sealed class CascadeFinderTests
{
    private const float Calm = 5;

    [Fact]
    public void Find_OneCourseShifted_IsAGroupInItsOrder()
    {
        var tracks = new[] { Rising("web2", 64), Rising("db", 60), Rising("web1", 63), Rising("late", 100) };

        var group = Assert.Single(Groups(tracks, out var alone));

        Assert.Equal(["db", "web1", "web2"], group.Members.Select(m => m.Server));
        Assert.Equal([0, 15, 20], group.Members.Select(m => m.LagMinutes));
        Assert.Equal([null, 15, 20], group.Members.Select(m => m.ShiftMinutes));
        Assert.All(group.Members.Skip(1), m => Assert.True(m.Correlation > 0.99 && m.Buckets > 150 && m.MeasuredBuckets is > 60 and <= 96, $"{m}"));
        Assert.Equal((null, null, null), (group.Members[0].Correlation, group.Members[0].Buckets, group.Members[0].MeasuredBuckets));
        Assert.False(group.IsForecast);
        Assert.Equal("critical", group.Level);
        // two hours later is another matter, however alike
        Assert.Equal(1, alone);
    }

    [Fact]
    public void Find_CoursesThatAreNotAlike_AreNoGroup()
    {
        // the same rise, but one goes on and the other comes and goes
        var saw = Course(i => i < 60 ? Calm : (i - 60) % 16 < 4 ? 60 : Calm);
        var ramp = Course(i => i < 60 ? Calm : Math.Min(90, 20 + (i - 60)));

        Assert.Empty(Groups([Track("saw", saw), Track("ramp", ramp)], out var alone));
        Assert.Equal(2, alone);
    }

    [Fact]
    public void Find_TwoMatters_AreTwoGroups()
    {
        var a = new[] { Rising("a1", 40), Rising("a2", 42) };
        var b = new[] { Rising("b1", 70), Rising("b2", 70), Rising("b3", 75) };

        var groups = Groups([.. a, .. b], out _);

        Assert.Equal(["a1", "b1"], groups.Select(g => g.First));
        Assert.Equal([2, 3], groups.Select(g => g.Servers));
        // in one bucket there is no order
        Assert.Equal([0, 0, 25], groups[1].Members.Select(m => m.LagMinutes));
    }

    [Fact]
    public void Onset_AheadOfNow_IsMarkedAsForecast()
    {
        var group = Assert.Single(Groups([Rising("db", 90), Rising("web", 99)], out _));

        Assert.Equal([false, true], group.Members.Select(m => m.IsForecast));
        Assert.Equal(45, group.Members[1].LagMinutes);
    }

    [Theory]
    // at risk from the beginning: nobody knows since when
    [InlineData(0, -1)]
    [InlineData(2, -1)]
    // half way from 5 to 90
    [InlineData(50, 55)]
    [InlineData(120, 125)]
    public void Onset_IsOutOfCalm(int from, int onset) => Assert.Equal(onset, Rising("s", from).Onset);

    [Fact]
    public void Onset_SpikeGapAndOldEpisode()
    {
        Assert.Equal(-1, Track("spike", Course(i => i == 90 ? 80 : Calm)).Onset);
        Assert.Equal(-1, Track("over", Course(i => i is >= 20 and < 60 ? 80 : Calm)).Onset);
        // calm for a quarter of an hour is the same episode
        Assert.Equal(80, Track("gap", Course(i => i is (>= 80 and < 85) or >= 88 ? 50 : Calm)).Onset);
        // calm for an hour is another one, and the higher one counts
        Assert.Equal(110, Track("two", Course(i => i is >= 80 and < 90 ? 30 : i >= 110 ? 80 : Calm)).Onset);
        // what was not measured is no calm
        Assert.Equal(-1, Track("dark", Course(i => i < 60 ? float.NaN : 50)).Onset);
    }

    [Fact]
    public void Correlation_TooLittleKnownOrNothingThatMoves_IsNone()
    {
        var a = Course(i => i);
        Assert.True(double.IsNaN(Best(a, Course(_ => 3)).Value));
        Assert.True(double.IsNaN(Best(a, Course(i => i < 20 ? i : float.NaN)).Value));
        var known = Best(a, Course(i => i < 40 ? i : float.NaN));
        Assert.Equal((1, 0, 40, 40), (Math.Round(known.Value, 6), known.Shift, known.Buckets, known.Measured));
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(0)]
    [InlineData(12)]
    public void Correlation_Shift_IsFound(int shift)
    {
        var a = Course(i => MathF.Sin(i / 9f) + (0.3f * MathF.Sin(i / 2.3f)));
        var b = Course(i => (2 * (MathF.Sin((i - shift) / 9f) + (0.3f * MathF.Sin((i - shift) / 2.3f)))) + 5);
        Assert.Equal(shift, Best(a, b).Shift);
    }

    [Fact]
    public void Dependencies_ByProfileAndName_ExplainWhoCrossedNoEarlier()
    {
        var map = Map(("web_api", "db*"), ("etl", "web_api"), ("early", "db1"), ("db1", "db*"));
        RiskTrack[] tracks = [Rising("early", 59), Rising("db1", 60, "database"), Rising("db2", 60, "database"), Rising("w1", 62, "web_api"), Rising("w2", 63, "web_api"), Rising("etl", 66)];

        var group = Assert.Single(Groups(tracks, out _, map));

        var on = group.Members.ToDictionary(m => m.Server, m => string.Join(',', m.DependsOn.Order(StringComparer.Ordinal)));
        Assert.Equal(("", "db1,db2", "db1,db2", "w1,w2"), (on["early"], on["w1"], on["w2"], on["etl"]));
        // in one bucket a dependency may well be the reason: it crossed no later; and nobody depends on itself
        Assert.Equal("db2", on["db1"]);
        Assert.Equal(4, group.Explained);
        Assert.Equal([("db2", 4), ("db1", 3)], group.ExplainedBy.Take(2).Select(d => (d.Server, d.Dependants)));
    }

    [Fact]
    public void Dependencies_Ring_Ends()
    {
        var group = Assert.Single(Groups([Rising("a", 60), Rising("b", 60), Rising("c", 60)], out _, Map(("a", "b"), ("b", "c"), ("c", "a"))));
        Assert.All(group.ExplainedBy, d => Assert.Equal(2, d.Dependants));
    }

    [Theory]
    [InlineData(null, "database", "Tft:Cascades:Dependencies:0:Of is missing: a profile (ml_compute, ")]
    [InlineData("web_api", " ", "Tft:Cascades:Dependencies:0:On is missing")]
    [InlineData("db1", "db1", "Tft:Cascades:Dependencies:0: 'db1' can't depend on itself.")]
    public void Options_Fault_NamesItsKey(string? of, string? on, string said)
    {
        var result = new CascadeOptionsValidator().Validate(null, new() { Dependencies = [new() { Of = of, On = on }] });
        Assert.StartsWith(said, Assert.Single(result.Failures!), StringComparison.Ordinal);
        Assert.True(new CascadeOptionsValidator().Validate(null, new() { Dependencies = [new() { Of = "database", On = "database" }, new() { Of = "a*", On = "a*" }] }).Succeeded);
    }

    // By the definition, over the steps that both know.
    [Fact]
    public void Correlation_WithGaps_IsThatOfTheDefinition()
    {
        var a = Course(i => i % 17 == 3 ? float.NaN : MathF.Sin(i / 5f) + (i * 0.01f));
        var b = Course(i => i is > 60 and < 75 ? float.NaN : MathF.Cos(i / 4f) + (i * 0.02f));
        var best = Best(a, b);

        List<(double X, double Y)> known = [];
        for (var i = Math.Max(0, -best.Shift); i < a.Length && i + best.Shift < b.Length; i++)
        {
            if (float.IsFinite(a[i]) && float.IsFinite(b[i + best.Shift]))
            {
                known.Add((a[i], b[i + best.Shift]));
            }
        }

        var (x, y) = (known.Average(k => k.X), known.Average(k => k.Y));
        var r = known.Sum(k => (k.X - x) * (k.Y - y)) / Math.Sqrt(known.Sum(k => (k.X - x) * (k.X - x)) * known.Sum(k => (k.Y - y) * (k.Y - y)));
        Assert.Equal(known.Count, best.Buckets);
        Assert.Equal(r, best.Value, 4);
    }

    private static LaggedCorrelation Best(float[] first, float[] second) => LaggedCorrelation.Best(new(first), new(second), RiskTrack.Past);

    private static DependencyMap Map(params (string Of, string On)[] all) =>
        new(Options.Create(new CascadeOptions { Dependencies = [.. all.Select(d => new DependencyOptions { Of = d.Of, On = d.On })] }));

    private static List<CascadeGroup> Groups(RiskTrack[] tracks, out int alone, DependencyMap? map = null) =>
        [.. CascadeFinder.Find(tracks, out alone, default).Select(g => CascadeReport.Of(g, map ?? Map(), 1000))];

    private static RiskTrack Rising(string name, int from, string profile = "generic") => Track(name, Course(i => i < from ? Calm : Math.Min(90, 25 + (5 * (i - from)))), profile);

    private static float[] Course(Func<int, float> value) => [.. Enumerable.Range(0, RiskTrack.Steps).Select(value)];

    private static RiskTrack Track(string name, float[] risk, string profile = "generic") => new(name, profile, risk, [.. risk.Select(r => r / 20)], new RiskMetric[RiskTrack.Steps]);
}
