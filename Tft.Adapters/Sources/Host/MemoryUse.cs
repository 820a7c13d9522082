using System.Globalization;

namespace Tft.Adapters.Sources.Host;

/// <summary>/proc/meminfo: percent of memory and of swap in use.</summary>
internal static class MemoryUse
{
    public static (float Memory, float Swap) Parse(string? meminfo)
    {
        if (meminfo is null)
            return (float.NaN, float.NaN);

        var total = Field(meminfo, "MemTotal:");
        // Kernels before 3.14 have no MemAvailable; free and what can be dropped is the usual estimate.
        var available = Field(meminfo, "MemAvailable:") ?? Field(meminfo, "MemFree:") + Field(meminfo, "Buffers:") + Field(meminfo, "Cached:");
        var swapTotal = Field(meminfo, "SwapTotal:");
        var swap = swapTotal == 0 ? 0 : Used(swapTotal, Field(meminfo, "SwapFree:"));
        return (Used(total, available), swap);
    }

    private static float Used(double? total, double? free) =>
        total is > 0 && free is { } f ? (float)Math.Clamp(100 * (total.Value - f) / total.Value, 0, 100) : float.NaN;

    private static double? Field(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal))
                continue;
            var value = line[name.Length..].Trim();
            var end = value.IndexOf(' ');
            return double.TryParse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
        }

        return null;
    }
}
