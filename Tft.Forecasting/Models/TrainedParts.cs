using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Models;

/// <summary>What came of a training.</summary>
/// <param name="Recipe">Pooled parts.</param>
/// <param name="Networks">The networks.</param>
/// <param name="BandScales">Factors of the bands at the knots.</param>
/// <param name="Losses">Training loss of each network at its end.</param>
/// <param name="Epochs">Passes over the windows, of the mean network.</param>
/// <param name="Series">Metrics of all servers.</param>
/// <param name="Steps">Steps that each network was trained.</param>
/// <param name="ValidationLosses">Lowest loss of each network on the validation days; null where nothing was seen on them.</param>
/// <param name="ServerDays">Days that were fitted on, summed over servers, those of a parent included.</param>
public sealed record TrainedParts(
    RecipeModel Recipe, IReadOnlyList<TftWeights> Networks, BandScales BandScales, IReadOnlyList<double> Losses, double Epochs, int Series,
    IReadOnlyList<int> Steps, IReadOnlyList<double?> ValidationLosses, double ServerDays)
{
    /// <summary>The trees; null where none were asked for.</summary>
    public Forest? Trees { get; init; }
}
