using Tft.Forecasting.Engines.Gpu;
using Tft.Forecasting.Network;
using TorchSharp;

namespace Tft.Forecasting.Engines.Torch;

/// <summary>The engine on PyTorch's kernels, on the processor or a CUDA device. Only in the full package set.</summary>
public sealed class TorchEngine : IForecastEngine
{
    private readonly torch.Device _device;

    /// <param name="gpu">The CUDA device; null for the processor.</param>
    /// <exception cref="InvalidOperationException">PyTorch was built without CUDA, or sees no device.</exception>
    public TorchEngine(GpuDevice? gpu)
    {
        if (gpu is null)
        {
            (_device, Device) = (torch.CPU, "cpu");
            return;
        }

        if (!torch.cuda.is_available() || gpu.Index >= torch.cuda.device_count())
        {
            throw new InvalidOperationException($"The driver shows {gpu.Name} as cuda:{gpu.Index}, but PyTorch cannot use it: do the versions of the driver and of libtorch fit?");
        }

        var profile = GpuProfile.For(gpu);
        torch.backends.cuda.matmul.allow_tf32 = profile.TensorFloat32;
        torch.backends.cudnn.allow_tf32 = profile.TensorFloat32;
        (_device, Device) = (torch.device(DeviceType.CUDA, gpu.Index), $"cuda:{gpu.Index} {gpu.Name}");
    }

    /// <inheritdoc />
    public string Name => "TorchSharp";

    /// <inheritdoc />
    public string Device { get; }

    /// <inheritdoc />
    public IForecastModel Load(TftWeights weights) => new TorchModel(weights, _device);

    /// <inheritdoc />
    public ILearner Learner(TftConfig config) => new TorchLearner(config, _device);
}
