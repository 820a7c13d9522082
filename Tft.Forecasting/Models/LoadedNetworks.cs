using Tft.Forecasting.Engines;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Forecasting.Models;

/// <summary>The networks of a model, ready on an engine; forecasters of several threads share them.</summary>
public sealed class LoadedNetworks : IDisposable
{
    /// <exception cref="ArgumentException">A network has another shape than the recipe gives.</exception>
    public LoadedNetworks(ForecastModel model, IForecastEngine engine)
    {
        if (Problem(model.Config) is { } problem)
            throw new ArgumentException(problem, nameof(model));
        Model = model;
        Networks = [.. model.Networks.Select(engine.Load)];
    }

    /// <summary>Whose networks they are.</summary>
    public ForecastModel Model { get; }

    internal IReadOnlyList<IForecastModel> Networks { get; }

    /// <summary>Why the recipe cannot run networks of this config; null where it can.</summary>
    public static string? Problem(ModelConfig config) => config.Networks == 0 ? null : NetworkShape.Problem(config.Network);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();
    }
}
