using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.State;

/// <summary>
/// Learns the state of a server from weeks of its history. The service and <see cref="EvaluationTrack.Service"/> both come here, so an evaluation scores what
/// is served, packed as it is kept.
/// </summary>
public static class WeeksLearner
{
    /// <summary>With fewer days a server is seen as a newcomer, through tables of its window.</summary>
    public const int FewestDays = RecipeFit.FewestDays;

    /// <summary>Steps of <see cref="FewestDays"/>.</summary>
    public const int FewestSteps = FewestDays * Protocol.Day;

    /// <summary>Tables and coefficients from steps start..end-1 of a history of at least <see cref="FewestSteps"/>.</summary>
    /// <param name="model">Whose pooled parts a metric's own coefficients are shrunk to.</param>
    /// <param name="values">[metrics][steps]; NaN is a gap.</param>
    /// <param name="firstStep">Number of the first step; modulo 288 it is the slot of the day.</param>
    /// <param name="start">First step that is looked at.</param>
    /// <param name="end">Steps up to this one are looked at.</param>
    /// <returns>Null where something did not come out finite; the coefficients alone are null where only they did not.</returns>
    public static (PackedTables Tables, PackedCoefficients? Coefficients)? Learn(ForecastModel model, float[][] values, long firstStep, int start, int end)
    {
        var options = model.Config.Recipe with { Threads = 1 };
        var tables = CrossFit.Build(values, firstStep, start, end, options.Blocks);
        if (PackedTables.Pack(tables.All) is not { } packed)
            return null;
        var learned = RecipeFit.Learn(values, step => (int)((firstStep + step) % Protocol.Day), tables, start, end, model.Recipe, options);
        return (packed, PackedCoefficients.Pack(learned.Series));
    }

    /// <summary>Tables alone, for a fraction of the cost. Coefficients are in units of the tables, so earlier ones go on with them.</summary>
    /// <inheritdoc cref="Learn"/>
    public static PackedTables? LearnTables(ForecastModel model, float[][] values, long firstStep, int start, int end) =>
        PackedTables.Pack(CrossFit.Build(values, firstStep, start, end, model.Config.Recipe.Blocks).All);
}
