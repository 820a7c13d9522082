using System.Runtime.CompilerServices;

namespace Tft.Adapters.Simulation;

/// <summary>
/// Random numbers by address instead of by order: the value at (seed, stream, index) is the same whoever asks, when, and how often.
/// So the fleet's state at any time is a function of the seed, and a restart or a different batch size changes nothing.
/// </summary>
internal static class Chance
{
    /// <summary>64 well-mixed bits of an address (finaliser of SplitMix64, applied twice).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(ulong stream, long index)
    {
        var z = stream + ((ulong)index * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A stream of its own for a named purpose.</summary>
    public static ulong Stream(ulong parent, int purpose) => Bits(Bits(parent, purpose), purpose + 1);

    /// <summary>A stream of its own for a name (FNV-1a of its characters).</summary>
    public static ulong Stream(ulong parent, string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211UL;
        return Bits(parent ^ hash, name.Length);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public static double Uniform(ulong stream, long index) => (Bits(stream, index) >> 11) * (1.0 / (1UL << 53));

    public static double Uniform(ulong stream, long index, double low, double high) => low + ((high - low) * Uniform(stream, index));

    /// <summary>
    /// About normal with mean 0 and variance 1: the sum of four uniforms of 16 bits (Irwin-Hall), so that no logarithm is needed;
    /// its tails end at +-3.5.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Normal(ulong stream, long index)
    {
        var bits = Bits(stream, index);
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return ((sum * (1.0 / 65536)) - 2) * 1.7320508075688772;
    }
}
