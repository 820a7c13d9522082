using Tft.Forecasting.Data;

namespace Tft.Forecasting.Baselines;

/// <summary>
/// Additive exponential smoothing with a damped trend and a season of a day (Holt 1957, Winters 1960; Gardner and McKenzie 1985):
/// <c>level' = α (x - season) + (1 - α)(level + φ trend)</c>, <c>trend' = β (level' - level) + (1 - β) φ trend</c>, <c>season' = γ (x - level') + (1 - γ) season</c>;
/// the forecast is <c>level + (φ + ... + φ^h) trend + season</c>. α, β and γ of each metric are those with the least absolute error, over all leads, on the fit part.
/// </summary>
public sealed class HoltWinters : IPointForecaster
{
    private const double Damping = 0.98;
    private const int FirstJudged = 2 * Protocol.Day;
    private const int JudgedEvery = 36;
    private static readonly double[] s_levels = [0.01, 0.05, 0.2, 0.5, 0.8];
    private static readonly double[] s_trends = [0, 0.02, 0.1];
    private static readonly double[] s_seasons = [0.02, 0.1, 0.3, 0.6];

    public string Name => "Holt-Winters, season of a day";

    public void Forecast(ReadOnlySpan<float> x, int fit, ReadOnlySpan<int> origins, Span<float> into)
    {
        var judged = new List<int>();
        for (var o = FirstJudged; o < fit - Protocol.Horizon; o += JudgedEvery)
            judged.Add(o);
        var points = new float[judged.Count * Protocol.Horizon];
        var (best, least) = ((s_levels[2], s_trends[0], s_seasons[1]), double.PositiveInfinity);
        foreach (var alpha in s_levels)
        {
            foreach (var beta in s_trends)
            {
                foreach (var gamma in s_seasons)
                {
                    Run(x, (alpha, beta, gamma), [.. judged], points);
                    var error = MeanAbsoluteError(x, judged, points);
                    if (error < least)
                        (best, least) = ((alpha, beta, gamma), error);
                }
            }
        }

        Run(x, best, origins, into);
    }

    private static void Run(ReadOnlySpan<float> x, (double Level, double Trend, double Season) rates, ReadOnlySpan<int> origins, Span<float> into)
    {
        var season = FirstSeason(x, out var level);
        var (trend, next) = (0.0, 0);
        for (var t = 0; t < x.Length && next < origins.Length; t++)
        {
            var slot = t % Protocol.Day;
            if (float.IsFinite(x[t]))
            {
                var before = level;
                level = (rates.Level * (x[t] - season[slot])) + ((1 - rates.Level) * (level + (Damping * trend)));
                trend = (rates.Trend * (level - before)) + ((1 - rates.Trend) * Damping * trend);
                season[slot] = (rates.Season * (x[t] - level)) + ((1 - rates.Season) * season[slot]);
            }
            else
            {
                (level, trend) = (level + (Damping * trend), Damping * trend);
            }

            for (; next < origins.Length && origins[next] == t; next++)
                CarryOn(level, trend, season, t, into.Slice(next * Protocol.Horizon, Protocol.Horizon));
        }
    }

    private static void CarryOn(double level, double trend, double[] season, int origin, Span<float> into)
    {
        var (sum, power) = (0.0, 1.0);
        for (var lead = 0; lead < into.Length; lead++)
        {
            sum += power *= Damping;
            into[lead] = (float)(level + (sum * trend) + season[(origin + 1 + lead) % Protocol.Day]);
        }
    }

    /// <summary>The first day around its mean; a hole is no deviation.</summary>
    private static double[] FirstSeason(ReadOnlySpan<float> x, out double mean)
    {
        var day = x[..Math.Min(Protocol.Day, x.Length)];
        mean = Statistics.Moments(day).Mean;
        if (!double.IsFinite(mean))
            mean = 0;
        var season = new double[Protocol.Day];
        for (var t = 0; t < day.Length; t++)
            season[t] = float.IsFinite(day[t]) ? day[t] - mean : 0;
        return season;
    }

    private static double MeanAbsoluteError(ReadOnlySpan<float> x, List<int> origins, float[] points)
    {
        var (sum, count) = (0.0, 0);
        for (var e = 0; e < origins.Count; e++)
        {
            for (var lead = 0; lead < Protocol.Horizon; lead++)
            {
                var error = Math.Abs(x[origins[e] + 1 + lead] - points[(e * Protocol.Horizon) + lead]);
                if (float.IsFinite(error))
                    (sum, count) = (sum + error, count + 1);
            }
        }

        return count == 0 ? double.PositiveInfinity : sum / count;
    }
}
