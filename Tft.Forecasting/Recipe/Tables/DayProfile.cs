using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Tables;

/// <summary>
/// What is usual for a metric at each of the 288 slots of the day. Location in the metric's units; spread and quantiles of what is left, in
/// the same units.
/// </summary>
/// <param name="Location">[288] climatology c: smooth shape + effect of the minute of the hour + what is left of the exact slot.</param>
/// <param name="Spread">[48] mean |x - c|, at every sixth slot.</param>
/// <param name="Low">[48] p10 of x - c.</param>
/// <param name="Median">[48] p50 of x - c.</param>
/// <param name="High">[48] p90 of x - c.</param>
public sealed record DayProfile(float[] Location, float[] Spread, float[] Low, float[] Median, float[] High)
{
    /// <summary>Slots between two entries of the coarse tables.</summary>
    public const int CoarseStep = 6;

    /// <summary>Entries of the coarse tables.</summary>
    public const int Coarse = Protocol.Day / CoarseStep;

    private const int SmoothReach = 3;

    /// <summary>[288] Location, smoothed over seven slots.</summary>
    public float[] Smooth { get; } = Smoothed(Location, SmoothReach);

    /// <summary>A coarse table at a slot, linear in between.</summary>
    public static float At(float[] coarse, int slot)
    {
        var (entry, rest) = (slot / CoarseStep, slot % CoarseStep);
        return coarse[entry] + (rest * (1f / CoarseStep) * (coarse[(entry + 1) % Coarse] - coarse[entry]));
    }

    /// <summary>Makes <see cref="Smooth"/> anew after the location was written over: for tables that are unpacked again and again into the same memory.</summary>
    internal void SmoothAgain() => Smoothen(Location, SmoothReach, Smooth);

    /// <summary>Circular mean over 2 reach + 1 slots.</summary>
    internal static float[] Smoothed(float[] values, int reach)
    {
        var smooth = new float[values.Length];
        Smoothen(values, reach, smooth);
        return smooth;
    }

    private static void Smoothen(float[] values, int reach, float[] smooth)
    {
        for (var i = 0; i < values.Length; i++)
        {
            double sum = 0;
            var at = (i - reach + values.Length) % values.Length;
            for (var j = -reach; j <= reach; j++)
            {
                sum += values[at];
                at = at + 1 == values.Length ? 0 : at + 1;
            }

            smooth[i] = (float)(sum / ((2 * reach) + 1));
        }
    }
}
