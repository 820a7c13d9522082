namespace Tft.Forecasting.Kernels;

/// <summary>Random numbers as a function of where they are used, not of what was drawn before (splitmix64's finaliser, Steele, Lea and Flood 2014).</summary>
internal static class Counter
{
    /// <summary>A 64-bit number that looks random, one for each <paramref name="key"/>.</summary>
    public static ulong Mix(ulong key)
    {
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9ul;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EBul;
        return key ^ (key >> 31);
    }

    /// <summary>A key for a place inside the place that <paramref name="key"/> names.</summary>
    public static ulong At(ulong key, ulong place) => Mix(key + ((place + 1) * 0x9E3779B97F4A7C15ul));

    /// <summary>Uniform in [0, 1).</summary>
    public static float Uniform(ulong key) => (Mix(key) >> 40) * (1f / (1 << 24));
}
