using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe;

/// <summary>What has been learned of one metric: the coefficients of its base and of its bands, at the knots of the leads.</summary>
/// <param name="Base">[knots, 16] coefficients of the base.</param>
/// <param name="Squares">[knots, 16] the same by least squares: what the mean, not the median, would be.</param>
/// <param name="Cross">[13, metrics * 2] what the last anomalies of all metrics add; empty where too little is known.</param>
/// <param name="Band">[knots, 15] coefficients of log |residual|.</param>
/// <param name="LogUnit">[knots] log of the unit of the bands, in units of A.</param>
/// <param name="Quantiles">[knots, 3] residual quantiles in units of U.</param>
public sealed record LearnedSeries(float[] Base, float[] Squares, float[] Cross, float[] Band, float[] LogUnit, float[] Quantiles)
{
    /// <summary>
    /// Of a newcomer: the same by how regular its day is (<see cref="DayRegularity"/>), from 0 to 1; empty in other series, and in models that are older. A window then takes a
    /// mixture of these instead.
    /// </summary>
    public IReadOnlyList<LearnedSeries> ByRegularity { get; init; } = [];
}

/// <summary>
/// The state of a server: its tables and coefficients, from one day of history on. Renewed daily from the server's own history; the pooled
/// <see cref="RecipeModel"/> stands in for what a short history cannot tell.
/// </summary>
/// <param name="Tables">What is usual.</param>
/// <param name="Series">By metric.</param>
public sealed record LearnedServer(ServerTables Tables, LearnedSeries[] Series)
{
    /// <summary>Whether one day is all that is known: its bands have factors of their own (<see cref="BandScales"/>).</summary>
    public bool IsNewcomer { get; init; }

    /// <summary>A server of which the 288 steps up to an origin are known.</summary>
    /// <param name="values">[metrics][steps].</param>
    /// <param name="slotOf">Slot of the day of a step.</param>
    /// <param name="origin">The origin.</param>
    /// <param name="series">A newcomer's coefficients, for each metric.</param>
    public static LearnedServer OfNewcomer(float[][] values, Func<int, int> slotOf, int origin, LearnedSeries[] series) =>
        new(CrossFit.OneDay(values, slotOf, origin), series) { IsNewcomer = true };
}

/// <summary>The pooled parts of the recipe: what is learned over all servers, and stands in for a server of which little is known.</summary>
/// <param name="Ridge">Linear map from the last day to the next eight hours.</param>
/// <param name="Pooled">Coefficients of a typical metric with weeks of history.</param>
/// <param name="Newcomer">Coefficients of a typical metric of which one day is known.</param>
public sealed record RecipeModel(LagRidge Ridge, LearnedSeries Pooled, LearnedSeries Newcomer);
