using System.Globalization;

namespace Tft.Forecasting.Engines.Gpu;

/// <summary>What <c>Tft:Device</c> asks for: auto, cpu, cuda or cuda:N.</summary>
/// <param name="Kind">Which kind of device.</param>
/// <param name="Index">Number of the CUDA device.</param>
public sealed record DeviceChoice(DeviceKind Kind, int Index)
{
    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">It is none of the four; the message says which are.</exception>
    public static DeviceChoice Parse(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        null or "" or "AUTO" => new(DeviceKind.Auto, 0),
        "CPU" => new(DeviceKind.Cpu, 0),
        "CUDA" => new(DeviceKind.Cuda, 0),
        ['C', 'U', 'D', 'A', ':', .. var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => new(DeviceKind.Cuda, index),
        _ => throw new FormatException($"Tft:Device is '{text}'; it must be auto, cpu, cuda or cuda:N."),
    };

    /// <summary>The device to use among the visible ones; null for the processor.</summary>
    /// <exception cref="InvalidOperationException">A CUDA device is asked for that is not there.</exception>
    public GpuDevice? Choose(IReadOnlyList<GpuDevice> visible)
    {
        ArgumentNullException.ThrowIfNull(visible);
        return Kind switch
        {
            DeviceKind.Cpu => null,
            DeviceKind.Auto => visible.Count > 0 ? visible[0] : null,
            _ => visible.FirstOrDefault(d => d.Index == Index) ?? throw new InvalidOperationException(
                $"Tft:Device asks for cuda:{Index}, but {(visible.Count == 0 ? "no CUDA device is visible" : $"only cuda:0 to cuda:{visible.Count - 1} are visible")} (CUDA_VISIBLE_DEVICES counts)."),
        };
    }
}
