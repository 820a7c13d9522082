using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe;

/// <summary>How restless a metric is at an origin: eight constants, from which the width of the bands and inputs of the network are made.</summary>
internal static class OriginState
{
    /// <summary>
    /// log mean |dx|/A over an hour and over a day; log deviation of the asinh anomaly over four hours and over half an hour; asinh anomaly now
    /// and its mean over an hour; log stress of the server; |what the other metrics say|.
    /// </summary>
    public const int Count = 8;

    /// <summary>Computes the constants of a metric of a window.</summary>
    public static void Compute(WindowView view, int metric, Span<float> state)
    {
        var soft = view.SoftAnomalies(metric);
        state[0] = MathF.Log(Roughness(view, metric, 12) + 0.03f);
        state[1] = MathF.Log(Roughness(view, metric, Protocol.Context - 1) + 0.03f);
        state[2] = MathF.Log(Deviation(soft[^48..]) + 0.03f);
        state[3] = MathF.Log(Deviation(soft[^6..]) + 0.1f);
        state[4] = soft[^1];
        float hour = 0;
        foreach (var v in soft[^12..])
            hour += v;
        state[5] = hour / 12;
        state[6] = MathF.Log(view.Stress[^1] + 0.05f);
        var n = view.Tables.Count;
        float strength = 0.1f, said = 0;
        for (var k = 0; k < n; k++)
        {
            var weight = Math.Abs(view.Tables.Cross[(metric * n) + k]);
            strength += weight;
            said += weight * Math.Abs(view.SoftAnomalies(k)[^1]);
        }

        state[7] = said / strength;
    }

    private static float Roughness(WindowView view, int metric, int steps)
    {
        var x = view.Values(metric);
        float sum = 0;
        for (var i = Protocol.Context - steps; i < Protocol.Context; i++)
            sum += Math.Abs(x[i] - x[i - 1]);
        return sum / steps / view.Scale(metric);
    }

    private static float Deviation(ReadOnlySpan<float> values)
    {
        float sum = 0, squares = 0;
        foreach (var v in values)
            sum += v;
        var mean = sum / values.Length;
        foreach (var v in values)
            squares += (v - mean) * (v - mean);
        return MathF.Sqrt(squares / values.Length);
    }
}
