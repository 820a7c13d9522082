using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Forecasting.Models;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Inference.Commands;

namespace Tft.Tests.Models;

/// <summary>A whole model in a fraction of a second: the climatology as base, and networks that learned nothing.</summary>
internal static class TinyModel
{
    public static ForecastModel Make(IReadOnlyList<string>? metrics = null, IReadOnlyList<string>? states = null, int seed = 1, int futureInputs = NetworkShape.MostFutureInputs)
    {
        var shape = NetworkShape.Of(8, 2, 0, futureInputs: futureInputs);
        TftWeights[] networks = [new(shape), new(shape)];
        for (var i = 0; i < networks.Length; i++)
            networks[i].Initialize(seed + i);
        var info = new TrainingInfo
        {
            Created = DateTimeOffset.UnixEpoch,
            Data = "tiny",
            Servers = 1,
            Series = 14,
            Seed = seed,
            Steps = 0,
            Batch = 1,
            Epochs = 0,
            Losses = [],
            Engine = "Managed",
            DurationSeconds = 0,
            UniqueStates = states ?? ModelFolders.States,
        };
        var config = ModelConfig.Of(shape, networks.Length, metrics ?? [.. MetricCatalog.All.Select(m => m.Name)], new RecipeOptions(), BandScales.One);
        return new ForecastModel(config, Recipe(), networks, info, ServerMapping.Of(["ppml0001"], ServerId.FromName), ModelFolders.ContractVersion);
    }

    /// <summary>Writes a model folder and returns its path.</summary>
    public static string Save(string directory, string version, ForecastModel? model = null)
    {
        var folder = Path.Combine(directory, version);
        ModelFolder.Save(folder, model ?? Make());
        return folder;
    }

    /// <summary>Poisons a network: whatever it said, it now says so many units of the band more.</summary>
    public static void Shift(TftWeights network, float units)
    {
        foreach (ref var bias in network["head.bias"])
            bias += units;
    }

    private static RecipeModel Recipe()
    {
        var quantiles = new float[LeadKnots.Count * 3];
        for (var k = 0; k < LeadKnots.Count; k++)
            (quantiles[k * 3], quantiles[(k * 3) + 2]) = (-1.5f, 1.5f);
        var series = new LearnedSeries(
            new float[LeadKnots.Count * LeadFeatures.Count], new float[LeadKnots.Count * LeadFeatures.Count], [],
            new float[LeadKnots.Count * BandFeatures.Count], new float[LeadKnots.Count], quantiles);
        return new RecipeModel(new LagRidge(new float[288 * 96]), series, series);
    }
}
