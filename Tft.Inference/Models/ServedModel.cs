using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Forecasting.Engines;
using Tft.Forecasting.Models;
using Tft.Forecasting.State;
using Tft.Inference.Commands;

namespace Tft.Inference.Models;

/// <summary>A model that was found valid and is ready to forecast. Immutable: a swap replaces it whole.</summary>
internal sealed class ServedModel
{
    private ServedModel(string version, string folder, LoadedNetworks networks, ModelInfo info)
    {
        (Version, Folder, Networks, Info) = (version, folder, networks, info);
        Explainer = new WindowExplainer(networks);
        Recipe = RecipeFingerprint.Of(networks.Model);
    }

    /// <summary>Name of its folder.</summary>
    public string Version { get; }

    public string Folder { get; }

    public LoadedNetworks Networks { get; }

    public WindowExplainer Explainer { get; }

    /// <summary>Tells whether coefficients that a server learned go with it.</summary>
    public ulong Recipe { get; }

    /// <summary>False where the networks only ever saw servers of which one day is known: with a state from weeks they are worse than without.</summary>
    public bool LearnedWithWeeks => Networks.Model.Info.NewcomerShare is not >= 1;

    /// <summary>As /predict and /status show it.</summary>
    public ModelInfo Info { get; }

    /// <summary>Loads a model folder; nothing of it is used before all of it is found valid.</summary>
    /// <exception cref="InvalidDataException">It is not valid for this service; the text says why.</exception>
    public static ServedModel Load(string folder, TimeProvider time, IForecastEngine engine)
    {
        var model = ModelFolder.Load(folder, ModelFolders.ContractVersion, ModelFolders.States);
        Check(folder, model.Config);

        var version = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        return new ServedModel(version, folder, new LoadedNetworks(model, engine), new ModelInfo
        {
            Type = "TFT",
            Version = version,
            Engine = engine.Name.ToLowerInvariant(),
            Device = engine.Device.Split(',')[0],
            LoadedAt = time.GetUtcNow(),
        });
    }

    /// <summary>Refuses what is valid in itself and of no use to this service.</summary>
    /// <exception cref="InvalidDataException">Says everything.</exception>
    public static void Check(string folder, ModelConfig config)
    {
        var problems = Problems(config).ToList();
        if (problems.Count > 0)
            throw new InvalidDataException($"The model folder '{folder}' is not valid: {string.Join("; ", problems)}.");
    }

    private static IEnumerable<string> Problems(ModelConfig config)
    {
        // a model without a schema forecasts any metrics
        var expected = MetricCatalog.All.Select(m => m.Name);
        if (config.Metrics.Count > 0 && !config.Metrics.SequenceEqual(expected))
            yield return $"config.json: metrics are {string.Join(", ", config.Metrics)}; the contract's are {string.Join(", ", expected)}";
        if (config.Networks == 0)
            yield return "config.json: networks is 0, the base alone is no TFT";
        if (LoadedNetworks.Problem(config) is { } shape)
            yield return $"config.json: {shape}";
    }
}
