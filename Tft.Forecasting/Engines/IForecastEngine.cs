using Tft.Forecasting.Network;

namespace Tft.Forecasting.Engines;

/// <summary>Computes networks: forecasts, and gradients for training. All engines give the same numbers within 2e-5 of each tensor's largest.</summary>
public interface IForecastEngine
{
    /// <summary>Its name in configuration and logs.</summary>
    string Name { get; }

    /// <summary>What it computes on, in words.</summary>
    string Device { get; }

    /// <summary>Prepares weights for forecasts. The weights are copied; later changes to them have no effect.</summary>
    /// <exception cref="ArgumentException">The weights' config is not the shape of a network.</exception>
    IForecastModel Load(TftWeights weights);

    /// <summary>Prepares for training a network of a shape.</summary>
    /// <exception cref="ArgumentException">The config is not the shape of a network.</exception>
    ILearner Learner(TftConfig config);
}
