using Tft.Forecasting.Network;
using Tft.Forecasting.Network.Incremental;

namespace Tft.Forecasting.Engines;

/// <summary>
/// A model that remembers, for each server, what the history selection made of its steps, and computes only those that are new or have changed. The result is
/// that of forecasting from scratch, to the rounding of sums. Calls may come from several threads at once.
/// </summary>
/// <param name="weights">Weights; they are copied.</param>
/// <param name="threads">Threads of a forecast.</param>
/// <param name="servers">The most servers that are remembered; the memory is <see cref="BytesPerServer"/> times as much.</param>
public sealed class IncrementalModel(TftWeights weights, int threads, int servers) : IDisposable
{
    private readonly ManagedModel _model = new(weights, threads);
    private readonly StepMemory _memory = new(weights.Config.Encoder, Kernels.Products.Panels.Pad(weights.Config.Hidden), servers);

    /// <summary>The network's shape.</summary>
    public TftConfig Config => _model.Config;

    /// <summary>Bytes that a remembered server takes.</summary>
    public long BytesPerServer => _memory.BytesPerServer;

    /// <summary>Servers that are remembered.</summary>
    public int Servers => _memory.Servers;

    /// <summary>Servers that were forgotten for others; their next forecast is from scratch.</summary>
    public long Evicted => _memory.Evicted;

    /// <summary>Steps that were taken from the memory.</summary>
    public long Recalled => _memory.Recalled;

    /// <summary>Steps that were computed.</summary>
    public long Computed => _memory.Computed;

    /// <summary>Forecasts a batch.</summary>
    /// <param name="batch">Whole windows, in scaled units.</param>
    /// <param name="servers">[B]: a number for each window's server.</param>
    /// <param name="origins">[B]: number of each window's last step of the past, on a grid that does not move; only speed depends on it.</param>
    /// <param name="quantiles">[B, D, M, Q].</param>
    /// <exception cref="ArgumentException">The batch is not valid, or an array is too short.</exception>
    public void Forecast(WindowBatch batch, long[] servers, long[] origins, Span<float> quantiles)
    {
        if (servers.Length < batch.Count || origins.Length < batch.Count)
        {
            throw new ArgumentException($"{batch.Count} windows need as many servers and origins; there are {servers.Length} and {origins.Length}");
        }

        _model.Forecast(batch, quantiles, null, new Recall(_memory, servers, origins));
    }

    /// <inheritdoc />
    public void Dispose() => _model.Dispose();
}
