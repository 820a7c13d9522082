using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;
using Tft.Tests.Forecasting.Data;

namespace Tft.Tests.Forecasting.Recipe;

[Trait("Ring", "unit")]
public sealed class RecipePartsTests
{
    [Fact]
    public void Interpolate_LinearInTheLead_IsExact()
    {
        var atLeads = new float[Protocol.Horizon];

        LeadKnots.Interpolate([.. LeadKnots.Leads.ToArray().Select(l => 3f * l)], atLeads);

        for (var lead = 0; lead < Protocol.Horizon; lead++)
            Assert.Equal(3f * (lead + 1), atLeads[lead], 4);
    }

    [Fact]
    public void Solve_KnownSystem_GivesItsSolution()
    {
        double[] a = [4, 2, 1, 2, 5, 3, 1, 3, 6];
        double[] x = [1, -2, 3];
        double[] b = [.. Enumerable.Range(0, 3).Select(i => (a[i * 3] * x[0]) + (a[(i * 3) + 1] * x[1]) + (a[(i * 3) + 2] * x[2]))];

        Cholesky.Solve(a, b, 3, 1);

        for (var i = 0; i < 3; i++)
            Assert.Equal(x[i], b[i], 10);
    }

    [Fact]
    public void Solve_NotPositiveDefinite_SaysSo() =>
        Assert.Throws<ArithmeticException>(() => Cholesky.Solve((double[])[1, 2, 2, 1], (double[])[1, 1], 2, 1));

    [Theory]
    [InlineData(0.01, 0.01f)]
    [InlineData(1, 1f)]
    [InlineData(0, 0f)]
    public void Find_ValuesOnAGridOrNot_GivesItsStep(double grid, float expected)
    {
        var random = new Random(3);
        var values = new float[2000];
        for (var i = 0; i < values.Length; i++)
        {
            var x = random.NextDouble() * 20 * (grid > 0 ? grid : 1);
            values[i] = (float)(grid > 0 ? Math.Round(x / grid) * grid : x);
        }

        Assert.Equal(expected, GridStep.Find(values, grid > 0 ? 3 * grid : 3), 5);
    }

    [Fact]
    public void Find_ConstantOrEmpty_IsNoGrid()
    {
        Assert.Equal(0, GridStep.Find([5f, 5f, 5f], 1));
        Assert.Equal(0, GridStep.Find([float.NaN], 1));
    }

    [Fact]
    public void Build_ManyDaysWithGaps_FindsTheShape()
    {
        var series = SyntheticSeries.Create(5, metrics: 1, days: 14, fitDays: 14, gaps: 0.2);

        var profile = DayProfileBuilder.Build(series.Values[0], series.FirstStep, _ => true);

        var (mean, _, _) = Statistics.Moments(series.Values[0]);
        Assert.InRange(profile.Location.Max() - mean, 0.15, 0.27);
        Assert.All(profile.Spread, s => Assert.InRange(s, 0.005f, 0.2f));
        Assert.All(Enumerable.Range(0, DayProfile.Coarse), i => Assert.True(profile.Low[i] <= profile.Median[i] && profile.Median[i] <= profile.High[i]));
    }

    [Fact]
    public void Build_NothingMeasured_IsAllZero()
    {
        var values = new float[500];
        Array.Fill(values, float.NaN);

        Assert.All(DayProfileBuilder.Build(values, 7, _ => true).Location, l => Assert.Equal(0, l));
    }

    [Fact]
    public void For_OriginOfABlock_GivesTablesThatNeverSawIt()
    {
        var series = SyntheticSeries.Create(6, metrics: 1, days: 8, fitDays: 8);
        var spoiled = series.Values[0].ToArray();
        var tables = CrossFit.Build(series.Values, series.FirstStep, 0, series.FitSteps, 4);
        var origin = 3 * Protocol.Day;
        var day = (series.SlotOf(0) + origin + 48) / Protocol.Day;
        for (var t = 0; t < spoiled.Length; t++)
        {
            if ((series.SlotOf(0) + t) / Protocol.Day == day)
                spoiled[t] += 1;
        }

        var other = CrossFit.Build([spoiled], series.FirstStep, 0, series.FitSteps, 4);

        Assert.Equal(tables.For(origin).Metrics[0].Profile.Location, other.For(origin).Metrics[0].Profile.Location);
        Assert.NotEqual(tables.All.Metrics[0].Profile.Location, other.All.Metrics[0].Profile.Location);
    }

    [Fact]
    public void Look_OnlyOneMetric_SeesWhatAFullLookSees()
    {
        var series = SyntheticSeries.Create(7, metrics: 4, gaps: 0.3);
        var tables = CrossFit.Build(series.Values, series.FirstStep, 0, series.FitSteps, 4).All;
        var (full, only) = (new WindowView(), new WindowView());
        var (expected, actual) = (new float[OriginState.Count], new float[OriginState.Count]);

        full.Look(series.Values, 900, series.SlotOf(900), tables);
        only.Look(series.Values, 900, series.SlotOf(900), tables, only: 2);

        Assert.Equal(full.Anomalies(2).ToArray(), only.Anomalies(2).ToArray());
        Assert.Equal(full.Cross(2).ToArray(), only.Cross(2).ToArray());
        Assert.Equal(full.Stress.ToArray(), only.Stress.ToArray());
        OriginState.Compute(full, 2, expected);
        OriginState.Compute(only, 2, actual);
        Assert.Equal(expected, actual);
    }
}
