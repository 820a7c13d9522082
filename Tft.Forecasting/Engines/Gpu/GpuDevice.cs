namespace Tft.Forecasting.Engines.Gpu;

/// <summary>A graphics processor as the CUDA driver describes it.</summary>
/// <param name="Index">Number among the visible ones.</param>
/// <param name="Name">The driver's name, for example <c>NVIDIA H100 80GB HBM3</c>.</param>
/// <param name="Major">Compute capability, before the point.</param>
/// <param name="Minor">Compute capability, after the point.</param>
/// <param name="MemoryBytes">Its memory.</param>
public sealed record GpuDevice(int Index, string Name, int Major, int Minor, long MemoryBytes);
