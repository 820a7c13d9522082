using Tft.Forecasting.Engines.Gpu;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>PyTorch's kernels on a CUDA device.</summary>
internal sealed class TorchEngineFactory : IEngineFactory
{
    /// <inheritdoc />
    public IForecastEngine Create(GpuDevice device)
    {
        try
        {
            return new TorchEngine(device);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException)
        {
            throw new InvalidOperationException($"libtorch cannot be loaded: {e.Message}", e);
        }
    }
}
