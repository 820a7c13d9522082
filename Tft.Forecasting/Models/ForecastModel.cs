using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Models;

/// <summary>A model: the pooled parts of the recipe and the networks that correct its base. The state of a server is not among it; that comes from its history.</summary>
/// <param name="Config">What it takes and how it was made.</param>
/// <param name="Recipe">Pooled parts.</param>
/// <param name="Networks">Networks of one shape, and after them those for the next leads; the forecast is their mean.</param>
/// <param name="Info">How it came about.</param>
/// <param name="Mapping">The servers that it was trained on.</param>
/// <param name="ContractVersion">Version of the data contract.</param>
public sealed record ForecastModel(
    ModelConfig Config, RecipeModel Recipe, IReadOnlyList<TftWeights> Networks, TrainingInfo Info, ServerMapping Mapping, string ContractVersion)
{
    /// <summary>Trees that correct the base beside the networks at the next leads; null where there are none.</summary>
    public Forest? Trees { get; init; }

    /// <summary>The trees with buffers of a thread's own; null where there are none.</summary>
    internal TreeCorrection? TreeCorrection() => Trees is null ? null : new TreeCorrection(Trees);

    /// <summary>Files of a model folder.</summary>
    public static IReadOnlyList<string> Files { get; } = [ModelFolder.Weights, ModelFolder.Config, ModelFolder.Info, ModelFolder.Mapping, ModelFolder.Contract];
}
