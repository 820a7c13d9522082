using Tft.Forecasting.Network;

namespace Tft.Forecasting.Engines;

/// <summary>A network that is ready to forecast. Calls may come from several threads at once; each works in memory of its own.</summary>
public interface IForecastModel : IDisposable
{
    /// <summary>The network's shape.</summary>
    TftConfig Config { get; }

    /// <summary>Forecasts a batch.</summary>
    /// <param name="batch">Inputs, in scaled units; its targets are not read.</param>
    /// <param name="quantiles">[B, D, M, Q], in scaled units; as the network gives them, so neighbours may cross.</param>
    /// <param name="explanation">Receives selection weights and attention of at least as many windows; null to leave them.</param>
    /// <exception cref="ArgumentException">The batch is of another shape, empty, or a categorical out of range; or <paramref name="quantiles"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    void Forecast(WindowBatch batch, Span<float> quantiles, Explanation? explanation = null);
}
