using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Online;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Tests.Forecasting.Recipe;

[Trait("Ring", "unit")]
public sealed class BandScaleTests
{
    // p10, p50, p90 of Student's t with two degrees of freedom: a heavy tail, of which the variance does not exist
    private static readonly float[] s_band = [-1.8856f, 0, 1.8856f];

    [Theory]
    [InlineData(1, 0.0f)]
    [InlineData(2, 0.5f)]
    [InlineData(3, 2.0f)]
    public void LeastFor_AnyShare_IsTheLeastFactorThatHoldsItOnceRounded(int seed, float grid)
    {
        var values = Draw(seed, 1.2, grid, 4000);
        var tally = Tally(values, s_band, grid);

        var last = BandTally.Least;
        foreach (var share in (double[])[0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95])
        {
            var factor = tally.LeastFor(0, share);

            Assert.InRange(factor, last, BandTally.Most);
            last = factor;
            if (factor < BandTally.Most)
                Assert.True(Covered(values, s_band, factor, grid) >= share, $"{share}: {factor} covers {Covered(values, s_band, factor, grid)}");
            if (factor > BandTally.Least)
                Assert.True(Covered(values, s_band, factor - 0.02f, grid) < share, $"{share}: less than {factor} would do");
        }
    }

    [Theory]
    [InlineData(1, 1.3, 0.0f)]
    [InlineData(2, 1.6, 0.0f)]
    [InlineData(3, 1.3, 0.4f)]
    [InlineData(4, 1.05, 0.0f)]
    public void Of_LaterDaysThatErrMore_HoldTheirEightyPercent(int seed, double spread, float grid)
    {
        var factors = BandScale.Of(Everywhere(Draw(seed, 1, grid, 4000), grid), Everywhere(Draw(seed + 100, spread, grid, 4000), grid));

        var fresh = Draw(seed + 200, spread, grid, 40000);
        Assert.All(factors, f => Assert.InRange(Covered(fresh, s_band, f, grid), 0.785, grid > 0 ? 0.83 : 0.815));
    }

    [Fact]
    public void Of_BandsScaledOnce_StayAsTheyAre()
    {
        var values = Draw(5, 1.4, 0, 4000);
        var factor = BandScale.Of(Everywhere(values, 0), Everywhere(values, 0))[0];

        Assert.InRange(factor, 1.3f, 1.5f);
        var scaled = Everywhere(values, 0, [.. s_band.Select(q => q * factor)]);
        Assert.All(BandScale.Of(scaled, scaled), again => Assert.InRange(again, 0.985f, 1.011f));
    }

    [Fact]
    public void Of_BandsThatHoldMoreAtEveryLead_AreLeft() =>
        Assert.All(BandScale.Of(Everywhere(Draw(6, 0.5, 0, 4000), 0), Everywhere(Draw(7, 0.5, 0, 4000), 0)), f => Assert.InRange(f, 0.99f, 1));

    [Fact]
    public void Of_ShortLeadsThatHoldMoreThanTheMean_AreNarrowedButNotBelowThePromise()
    {
        var fitted = new BandTally();
        for (var k = 0; k < LeadKnots.Count; k++)
            Add(fitted, k, Draw(8 + k, k < 6 ? 0.5 : 0.8, 0, 4000), s_band, 0);

        var factors = BandScale.Of(fitted, new BandTally());
        Assert.All(factors[..6], f => Assert.InRange(f, BandTally.Least, 0.85f));
        Assert.All(factors[8..], f => Assert.InRange(f, 0.97f, 1));

        var later = Everywhere(Draw(9, 0.9, 0, 4000), 0);
        var held = BandScale.Of(fitted, later);
        Assert.Equal(later.LeastFor(0, BandScale.Promise), held[0]);
        Assert.InRange(held[0], 0.86f, 0.95f);
    }

    [Fact]
    public void OfNewcomers_HeavyTails_AreWidenedToThePromiseAndNeverNarrowed()
    {
        var wide = BandScale.OfNewcomers(Everywhere(Draw(12, 1.3, 0, 4000), 0));

        Assert.All(wide, f => Assert.InRange(Covered(Draw(13, 1.3, 0, 40000), s_band, f, 0), 0.785, 0.815));
        Assert.All(BandScale.OfNewcomers(Everywhere(Draw(14, 0.5, 0, 4000), 0)), f => Assert.Equal(1, f));
        Assert.All(BandScale.OfNewcomers(new BandTally()), f => Assert.Equal(1, f));
    }

    [Fact]
    public void Add_TalliesOfTwoServers_CountBoth()
    {
        float[] first = Draw(10, 1, 0, 500), second = Draw(11, 3, 0, 700);
        var (both, apart) = (Everywhere([.. first, .. second], 0), Everywhere(first, 0));
        apart.Add(Everywhere(second, 0));

        Assert.Equal(both.Covered(3), apart.Covered(3));
        Assert.Equal(both.LeastFor(3, 0.8), apart.LeastFor(3, 0.8));
        Assert.False(apart.IsEmpty);
        Assert.True(new BandTally().IsEmpty);
    }

    [Fact]
    public void Add_ABandWithoutWidth_IsHeldOnlyWhereItIsHit()
    {
        var tally = new BandTally();
        foreach (var value in (float[])[1, 1, 1, 2])
            tally.Add(0, value, 1, 1, 1, 0);

        Assert.Equal(0.75, tally.Covered(0));
        Assert.Equal(BandTally.Most, tally.LeastFor(0, 0.8));
    }

    private static BandTally Everywhere(float[] values, float grid, float[]? band = null)
    {
        var tally = new BandTally();
        for (var k = 0; k < LeadKnots.Count; k++)
            Add(tally, k, values, band ?? s_band, grid);
        return tally;
    }

    private static BandTally Tally(float[] values, float[] band, float grid)
    {
        var tally = new BandTally();
        Add(tally, 0, values, band, grid);
        return tally;
    }

    private static void Add(BandTally tally, int knot, float[] values, float[] band, float grid)
    {
        foreach (var value in values)
            tally.Add(knot, value, band[0], band[1], band[2], grid);
    }

    private static double Covered(float[] values, float[] band, float factor, float grid) =>
        values.Count(v => OnlineConformal.Side(v, GridStep.Round(factor * band[0], grid), GridStep.Round(factor * band[2], grid)) == 0) / (double)values.Length;

    /// <summary>Student's t with two degrees of freedom, on a grid where there is one.</summary>
    private static float[] Draw(int seed, double spread, float grid, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var p = Math.Clamp(random.NextDouble(), 1e-9, 1 - 1e-9);
            return GridStep.Round((float)(spread * ((2 * p) - 1) / Math.Sqrt(2 * p * (1 - p))), grid);
        })];
    }
}
