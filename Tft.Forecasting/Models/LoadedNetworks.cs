using Tft.Forecasting.Data;
using Tft.Forecasting.Engines;
using Tft.Forecasting.Recipe;

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

    /// <summary>The model.</summary>
    public ForecastModel Model { get; }

    internal IReadOnlyList<IForecastModel> Networks { get; }

    /// <summary>Why the recipe cannot run networks of this config; null where it can.</summary>
    public static string? Problem(ModelConfig config)
    {
        var c = config.Network;
        return config.Networks == 0 || ((c.Encoder, c.Decoder, c.Metrics, c.Known, c.Past, c.Future, c.Quantiles.Length)
                == (NetworkInputs.Encoder, Protocol.Horizon, 1, 0, NetworkInputs.Past, NetworkInputs.Future, 3)
            && c.StaticSizes.Length + c.ObservedSizes.Length == 0)
            ? null
            : $"the network takes {c.Metrics} metrics, {c.Past} + {c.Future} further inputs, {c.Encoder} + {c.Decoder} steps; the recipe gives 1, {NetworkInputs.Past} + {NetworkInputs.Future}, {NetworkInputs.Encoder} + {Protocol.Horizon}";
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();
    }
}
