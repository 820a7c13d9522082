using System.Diagnostics;

namespace Tft.Bench.Reporting;

/// <summary>What a measurement may use.</summary>
internal static class Cores
{
    /// <summary>This process and those that it starts share so many cores. Returns how many they have.</summary>
    public static int Pin(int cores)
    {
        if (!(OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) || cores <= 0 || cores >= Environment.ProcessorCount)
            return Environment.ProcessorCount;
        using var self = Process.GetCurrentProcess();
        self.ProcessorAffinity = (nint)((1L << cores) - 1);
        return cores;
    }
}
