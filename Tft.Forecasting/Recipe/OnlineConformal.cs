using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;

namespace Tft.Forecasting.Recipe;

/// <summary>
/// Adaptive conformal calibration of one server: a log scale for each side of the band, by metric and group of 12 leads, moved by
/// rate * (share missed - .1) with every forecast of which the targets are known; half of the move is shared by all metrics.
/// </summary>
public sealed class OnlineConformal
{
    /// <summary>Leads of a group: an hour.</summary>
    public const int GroupLeads = 12;

    /// <summary>Groups of leads.</summary>
    public const int Groups = Protocol.Horizon / GroupLeads;

    private const double Target = 0.1;
    private const double Pooled = 0.5;
    private static readonly float s_least = MathF.Log(0.5f);
    private static readonly float s_most = MathF.Log(2.5f);
    private readonly float[] _log;
    private readonly double[] _below;
    private readonly double[] _above;
    private readonly double _rate;

    /// <param name="metrics">Metrics of the server.</param>
    /// <param name="rate">How far the log scale moves for a share missed, per observed group.</param>
    public OnlineConformal(int metrics, double rate = 0.05)
    {
        Metrics = metrics;
        _rate = rate;
        _log = new float[2 * Groups * metrics];
        (_below, _above) = (new double[metrics], new double[metrics]);
    }

    /// <summary>Metrics of the server.</summary>
    public int Metrics { get; }

    /// <summary>[2, 8, metrics] log scales, the lower side first: the state that is kept.</summary>
    public Span<float> LogScales => _log;

    /// <summary>Scales the band of a metric [96, 3] and rounds it to its grid.</summary>
    public void Apply(int metric, float grid, Span<float> quantiles)
    {
        for (var group = 0; group < Groups; group++)
        {
            var (down, up) = (MathF.Exp(_log[At(0, group, metric)]), MathF.Exp(_log[At(1, group, metric)]));
            for (var lead = group * GroupLeads; lead < (group + 1) * GroupLeads; lead++)
            {
                var q = quantiles.Slice(lead * QuantileForecast.Quantiles, QuantileForecast.Quantiles);
                q[0] = GridStep.Round(q[1] - (down * (q[1] - q[0])), grid);
                q[2] = GridStep.Round(q[1] + (up * (q[2] - q[1])), grid);
                q[1] = GridStep.Round(q[1], grid);
            }
        }
    }

    /// <summary>Learns from a group of leads whose targets are known by now.</summary>
    /// <param name="group">The group.</param>
    /// <param name="published">What was published: index, metric and lead of the group to p10 and p90.</param>
    /// <param name="actual">What came, NaN where nothing did.</param>
    public void Observe(int group, Func<int, int, (float Low, float High)> published, Func<int, int, float> actual)
    {
        double below = 0, above = 0;
        var seen = 0;
        for (var m = 0; m < Metrics; m++)
        {
            var (low, high, count) = (0, 0, 0);
            for (var lead = 0; lead < GroupLeads; lead++)
            {
                var value = actual(m, lead);
                if (!float.IsFinite(value))
                    continue;
                var band = published(m, lead);
                var slack = 1e-6f * Math.Max(1, Math.Abs(value));
                low += value < band.Low - slack ? 1 : 0;
                high += value > band.High + slack ? 1 : 0;
                count++;
            }

            (_below[m], _above[m]) = count == 0 ? (double.NaN, double.NaN) : ((low / (double)count) - Target, (high / (double)count) - Target);
            if (count == 0)
                continue;
            below += _below[m];
            above += _above[m];
            seen++;
        }

        if (seen == 0)
            return;
        for (var m = 0; m < Metrics; m++)
        {
            Move(0, group, m, _below[m], below / seen);
            Move(1, group, m, _above[m], above / seen);
        }
    }

    private void Move(int side, int group, int metric, double own, double all)
    {
        var step = double.IsNaN(own) ? all * Pooled : (own * (1 - Pooled)) + (all * Pooled);
        ref var log = ref _log[At(side, group, metric)];
        log = Math.Clamp(log + (float)(_rate * step), s_least, s_most);
    }

    private int At(int side, int group, int metric) => (((side * Groups) + group) * Metrics) + metric;
}
