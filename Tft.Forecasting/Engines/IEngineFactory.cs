using Tft.Forecasting.Engines.Gpu;

namespace Tft.Forecasting.Engines;

/// <summary>Makes an engine for a CUDA device. Whatever class of this assembly implements it, with a constructor without parameters, is found: a package set that compiles one has it.</summary>
public interface IEngineFactory
{
    /// <summary>Makes the engine.</summary>
    /// <param name="device">The device that was chosen.</param>
    /// <exception cref="InvalidOperationException">The engine cannot use it; the text says why.</exception>
    IForecastEngine Create(GpuDevice device);
}
