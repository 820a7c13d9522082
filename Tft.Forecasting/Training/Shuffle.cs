using Tft.Forecasting.Kernels;

namespace Tft.Forecasting.Training;

/// <summary>
/// The order of windows in a pass over the source: a permutation that is computed where it is needed, so nothing of it has to be stored or drawn again when
/// training resumes. Four Feistel rounds over the next even power of two, walking on while outside (Black and Rogaway 2002).
/// </summary>
internal static class Shuffle
{
    /// <summary>The window at a position of a pass.</summary>
    /// <param name="position">Place in the order, in [0, count).</param>
    /// <param name="count">Windows.</param>
    /// <param name="key">Names the order.</param>
    public static long At(long position, long count, ulong key)
    {
        var half = 1;
        while (1L << (2 * half) < count)
        {
            half++;
        }

        var mask = (1UL << half) - 1;
        var value = (ulong)position;
        do
        {
            ulong left = value >> half, right = value & mask;
            for (var round = 0ul; round < 4; round++)
            {
                (left, right) = (right, left ^ (Counter.At(key + round, right) & mask));
            }

            value = (left << half) | right;
        }
        while (value >= (ulong)count);

        return (long)value;
    }
}
