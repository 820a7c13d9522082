using System.Numerics;
using System.Runtime.InteropServices;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Tables;

/// <summary>
/// How likely yesterday comes again, as far as one day can say: 0 where a day wanders, 1 where it closes. Three things tell. A day that repeats ends where it
/// began: its last quarter of an hour is near its first. The other metrics of the server do so too. And the day is a few long waves with little left over. What is
/// known of a server is not asked, so that a newcomer is judged from its first forecast on.
/// </summary>
internal static class DayRegularity
{
    private const int Waves = 8;
    private const int Ends = 3;
    private const float LeastDistance = 0.03f;
    private const double LeastRest = 1e-4;

    // log of yesterday's error over that of a shrunk day, by least squares on simulated servers with and without habits
    private const float Constant = -0.03f;
    private const float OfClosure = 0.08f;
    private const float OfServer = -0.08f;
    private const float OfRest = -0.03f;
    private const float OfClosureAndServer = -0.14f;
    private const float OfRestAndServer = -0.19f;

    // where that log is so far below 0, the regularity is 1
    private const float Range = 1.2f;

    private static readonly float[] s_waves = MakeWaves();

    /// <summary>log of the distance between a day's ends in its standard deviations; NaN where an end was not measured or nothing moves.</summary>
    /// <param name="day">[288], oldest first; NaN is a gap.</param>
    public static float Closure(ReadOnlySpan<float> day)
    {
        var (mean, deviation, _) = Statistics.Moments(day);
        var (first, last) = (Mean(day[..Ends]), Mean(day[^Ends..]));
        return deviation > 1e-6 * Math.Max(1e-6, Math.Abs(mean)) && float.IsFinite(first) && float.IsFinite(last)
            ? MathF.Log((Math.Abs(last - first) / (float)deviation) + LeastDistance)
            : float.NaN;
    }

    /// <summary>The regularity of a metric's day, 0..1.</summary>
    /// <param name="day">[288] without gaps.</param>
    /// <param name="closure">Its <see cref="Closure"/>.</param>
    /// <param name="server">The mean closure of all metrics of the server.</param>
    public static float Of(ReadOnlySpan<float> day, float closure, float server)
    {
        if (float.IsNaN(server))
            return 0;
        closure = float.IsNaN(closure) ? server : closure;
        var rest = LogRest(day);
        var log = Constant + (OfClosure * closure) + (OfServer * server) + (OfRest * rest) + (server * ((OfClosureAndServer * closure) + (OfRestAndServer * rest)));
        return Math.Clamp(-log / Range, 0, 1);
    }

    /// <summary>log of the standard deviation that is left when the first harmonics of the day are taken out, relative to all of it.</summary>
    private static float LogRest(ReadOnlySpan<float> day)
    {
        var (mean, deviation, _) = Statistics.Moments(day);
        var variance = deviation * deviation;
        if (variance <= 0)
            return 0;
        Span<float> centred = stackalloc float[Protocol.Day];
        for (var i = 0; i < centred.Length; i++)
            centred[i] = day[i] - (float)mean;
        var x = MemoryMarshal.Cast<float, Vector<float>>(centred);
        double share = 0;
        for (var w = 0; w < 2 * Waves; w++)
        {
            var wave = MemoryMarshal.Cast<float, Vector<float>>(s_waves.AsSpan(w * Protocol.Day, Protocol.Day));
            Vector<float> sums = default;
            for (var i = 0; i < x.Length; i++)
                sums = Vector.FusedMultiplyAdd(wave[i], x[i], sums);
            double sum = Vector.Sum(sums);
            share += sum * sum;
        }

        return (float)(0.5 * Math.Log(Math.Max(1 - (share / Protocol.Day / variance), LeastRest)));
    }

    private static float Mean(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (var v in values)
            sum += v;
        return sum / values.Length;
    }

    // orthonormal cosines and sines of the day
    private static float[] MakeWaves()
    {
        var waves = new float[2 * Waves * Protocol.Day];
        for (var w = 0; w < 2 * Waves; w++)
        {
            for (var i = 0; i < Protocol.Day; i++)
            {
                var angle = 2 * Math.PI * ((w / 2) + 1) * i / Protocol.Day;
                waves[(w * Protocol.Day) + i] = (float)(Math.Sqrt(2.0 / Protocol.Day) * (w % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle)));
            }
        }

        return waves;
    }
}
