using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Tables;

/// <summary>Makes the profile of a metric's day from one to many days of history, gaps and all.</summary>
internal static class DayProfileBuilder
{
    private const int Hour = 12;
    private const int SpreadReach = 6;
    private const int QuantileReach = 8;

    /// <summary>Days from which on a slot's own mean is told from noise; below, the shape is smoothed more and drawn to the day's mean.</summary>
    private const int ManyDays = 7;

    /// <summary>The profile from the steps of a series that <paramref name="used"/> allows, by day.</summary>
    /// <param name="values">[steps] of the history.</param>
    /// <param name="firstStep">Index of the first; modulo 288 it is the slot of the day.</param>
    /// <param name="used">Whether a day of the history, counted from 0, is used.</param>
    public static DayProfile Build(ReadOnlySpan<float> values, long firstStep, Func<int, bool> used)
    {
        var firstSlot = (int)(firstStep % Protocol.Day);
        var days = (firstSlot + values.Length + Protocol.Day - 1) / Protocol.Day;
        var usable = new bool[days];
        for (var d = 0; d < days; d++)
            usable[d] = used(d);

        var (sum, squares, count) = (new double[Protocol.Day], new double[Protocol.Day], new int[Protocol.Day]);
        for (var i = 0; i < values.Length; i++)
        {
            var (day, slot) = ((firstSlot + i) / Protocol.Day, (firstSlot + i) % Protocol.Day);
            if (!usable[day] || !float.IsFinite(values[i]))
                continue;
            sum[slot] += values[i];
            count[slot]++;
        }

        var total = count.Sum();
        if (total == 0)
            return new DayProfile(new float[Protocol.Day], new float[DayProfile.Coarse], new float[DayProfile.Coarse], new float[DayProfile.Coarse], new float[DayProfile.Coarse]);
        // how much a slot varies from day to day is asked of many days only
        var coverage = total / (double)Protocol.Day;
        for (var i = 0; i < values.Length && coverage >= ManyDays; i++)
        {
            var (day, slot) = ((firstSlot + i) / Protocol.Day, (firstSlot + i) % Protocol.Day);
            if (usable[day] && float.IsFinite(values[i]))
                squares[slot] += Math.Pow(values[i] - (sum[slot] / count[slot]), 2);
        }

        var location = Location(sum, squares, count, coverage);
        return WithResiduals(location, values, firstSlot, usable);
    }

    /// <summary>Smooth shape, plus effects of the minute of the hour and of the exact slot, each shrunk by between / (between + within) variance.</summary>
    private static float[] Location(double[] sum, double[] squares, int[] count, double days)
    {
        var mean = sum.Sum() / count.Sum();
        var smooth = Smooth(sum, count, days >= ManyDays ? 3 : days >= 3 ? 6 : 12);
        if (days < ManyDays)
        {
            var share = days / (days + 1);
            return [.. smooth.Select(s => (float)(mean + (share * (s - mean))))];
        }

        double within = 0;
        var repeated = 0;
        var left = new double[Protocol.Day];
        for (var s = 0; s < Protocol.Day; s++)
        {
            left[s] = count[s] > 0 ? (sum[s] / count[s]) - smooth[s] : 0;
            if (count[s] < 2)
                continue;
            within += squares[s] / (count[s] - 1);
            repeated++;
        }

        within = repeated == 0 ? 0 : within / repeated / days;
        var noise = Variance(left) * Hour / Protocol.Day;
        var phase = new double[Hour];
        for (var s = 0; s < Protocol.Day; s++)
            phase[s % Hour] += left[s] * Hour / Protocol.Day;
        var between = Math.Max(Variance(phase) - noise, 0);
        var phaseShare = between / (between + noise + 1e-12);
        for (var p = 0; p < Hour; p++)
            phase[p] *= phaseShare;
        for (var s = 0; s < Protocol.Day; s++)
            left[s] = count[s] > 0 ? (sum[s] / count[s]) - smooth[s] - phase[s % Hour] : 0;
        var slotBetween = Math.Max(Variance(left) - within, 0);
        var slotShare = slotBetween / (slotBetween + within + 1e-12);
        var location = new float[Protocol.Day];
        for (var s = 0; s < Protocol.Day; s++)
            location[s] = (float)(smooth[s] + phase[s % Hour] + (slotShare * left[s]));
        return location;
    }

    private static double[] Smooth(double[] sum, int[] count, int reach)
    {
        var smooth = new double[Protocol.Day];
        for (var s = 0; s < Protocol.Day; s++)
        {
            double total = 0;
            var seen = 0;
            for (var r = reach; seen == 0; r *= 2)
            {
                var at = (s - r + (4 * Protocol.Day)) % Protocol.Day;
                for (var j = -r; j <= r; j++)
                {
                    total += sum[at];
                    seen += count[at];
                    at = at + 1 == Protocol.Day ? 0 : at + 1;
                }
            }

            smooth[s] = total / seen;
        }

        return smooth;
    }

    private static DayProfile WithResiduals(float[] location, ReadOnlySpan<float> values, int firstSlot, bool[] usable)
    {
        var days = usable.Length;
        var residuals = new float[days * Protocol.Day];
        Array.Fill(residuals, float.NaN);
        for (var i = 0; i < values.Length; i++)
        {
            var at = firstSlot + i;
            if (usable[at / Protocol.Day])
                residuals[at] = values[i] - location[at % Protocol.Day];
        }

        double? overall = null;
        var (spread, low, median, high) = (new float[DayProfile.Coarse], new float[DayProfile.Coarse], new float[DayProfile.Coarse], new float[DayProfile.Coarse]);
        var pool = new float[days * ((2 * QuantileReach) + 1)];
        for (var e = 0; e < DayProfile.Coarse; e++)
        {
            double sum = 0;
            var (near, taken) = (0, 0);
            for (var d = 0; d < days; d++)
            {
                for (var j = -QuantileReach; j <= QuantileReach; j++)
                {
                    var r = residuals[(d * Protocol.Day) + (((e * DayProfile.CoarseStep) + j + Protocol.Day) % Protocol.Day)];
                    if (!float.IsFinite(r))
                        continue;
                    if (j % 2 == 0)
                        pool[taken++] = r;
                    if (Math.Abs(j) > SpreadReach)
                        continue;
                    sum += Math.Abs(r);
                    near++;
                }
            }

            spread[e] = (float)(near > 0 ? sum / near : overall ??= Statistics.Moments([.. residuals.Select(MathF.Abs)]).Mean);
            if (taken == 0)
                continue;
            var sorted = pool.AsSpan(0, taken);
            sorted.Sort();
            low[e] = (float)Statistics.QuantileOfSorted(sorted, 0.1);
            median[e] = (float)Statistics.QuantileOfSorted(sorted, 0.5);
            high[e] = (float)Statistics.QuantileOfSorted(sorted, 0.9);
        }

        return new DayProfile(location, spread, low, median, high);
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Average(v => (v - mean) * (v - mean));
    }
}
