namespace Tft.Forecasting.Engines.Gpu;

/// <summary>A kind of device to compute on.</summary>
public enum DeviceKind
{
    /// <summary>The first CUDA device, else the processor.</summary>
    Auto,
    Cpu,
    Cuda,
}
