using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Recipe.Tables;

namespace Tft.Forecasting.Recipe.Online;

/// <summary>
/// Adaptive conformal calibration of one server: a log scale for each side of the band, by metric and group of 12 leads, moved by
/// <see cref="Rate"/> * (share missed - .1) with every forecast of which the targets are known; half of the move is shared by all metrics. So each side is missed
/// by a tenth in the long run, whatever the data do, as long as the scale is not at its bounds (Gibbs and Candes, Adaptive conformal inference under
/// distribution shift, 2021).
/// </summary>
public sealed class OnlineConformal
{
    /// <summary>Leads of a group: an hour.</summary>
    public const int GroupLeads = 12;

    /// <summary>Groups of leads.</summary>
    public const int Groups = Protocol.Horizon / GroupLeads;

    /// <summary>The scale is never less.</summary>
    public const float Least = 0.5f;

    /// <summary>The scale is never more.</summary>
    public const float Most = 4;

    /// <summary>Share of the outcomes that may lie beyond each side.</summary>
    public const double Target = 0.1;

    /// <summary><see cref="Rate"/> of a server of which one day is known: its bands may be far off, which lasts longer the lower the rate is.</summary>
    public const double NewcomerRate = 0.1;

    /// <summary><see cref="Rate"/> of a server with a state of its own: its bands are about right, and a high rate follows what was chance.</summary>
    public const double WeeksRate = 0.05;

    private const double Pooled = 0.5;
    private static readonly float s_least = MathF.Log(Least);
    private static readonly float s_most = MathF.Log(Most);
    private readonly float[] _log;

    /// <param name="metrics">Metrics of the server.</param>
    public OnlineConformal(int metrics)
    {
        Metrics = metrics;
        _log = new float[2 * Groups * metrics];
    }

    /// <summary>Metrics of the server.</summary>
    public int Metrics { get; }

    /// <summary>How far the log scale moves for a share missed, per observed group.</summary>
    public double Rate { get; set; } = NewcomerRate;

    /// <summary>[2, 8, metrics] log scales, the lower side first: the state that is kept.</summary>
    public ReadOnlySpan<float> LogScales => _log;

    /// <summary>The rate by what is known of a server.</summary>
    public static double RateOf(bool isNewcomer) => isNewcomer ? NewcomerRate : WeeksRate;

    /// <summary>Takes over log scales that were kept; what is out of bounds is brought to them, what is no number becomes 0.</summary>
    public void Restore(ReadOnlySpan<float> logScales)
    {
        for (var i = 0; i < _log.Length; i++)
            _log[i] = float.IsNaN(logScales[i]) ? 0 : Math.Clamp(logScales[i], s_least, s_most);
    }

    /// <summary>Begins anew with a metric: its band as it comes.</summary>
    public void Forget(int metric)
    {
        for (var i = metric; i < _log.Length; i += Metrics)
            _log[i] = 0;
    }

    /// <summary>Whether a metric's band is left as it comes.</summary>
    public bool IsNeutral(int metric)
    {
        for (var i = metric; i < _log.Length; i += Metrics)
        {
            if (_log[i] != 0)
                return false;
        }

        return true;
    }

    /// <summary>Scales the band of a metric [96, 3] and rounds it to its grid. Quantiles in order stay in order.</summary>
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

    /// <summary>Whether a value lies beyond a band: -1 below, 1 above, 0 inside; a rounding error beyond is inside.</summary>
    public static int Side(float value, float low, float high)
    {
        var slack = 1e-6f * Math.Max(1, Math.Abs(value));
        return value < low - slack ? -1 : value > high + slack ? 1 : 0;
    }

    /// <summary>Learns from a group of leads whose targets are known by now.</summary>
    /// <param name="group">The group.</param>
    /// <param name="below">[metrics] share of the values that lay below the published band, NaN where nothing came: that metric stays as it is.</param>
    /// <param name="above">[metrics] share above it.</param>
    public void Observe(int group, ReadOnlySpan<float> below, ReadOnlySpan<float> above)
    {
        Observe(0, group, below);
        Observe(1, group, above);
    }

    /// <summary>The same for one metric, which shares nothing with the others, at the rate of a newcomer: no state says anything of it.</summary>
    public void Observe(int group, int metric, float below, float above)
    {
        Move(0, group, metric, (below - Target) * NewcomerRate);
        Move(1, group, metric, (above - Target) * NewcomerRate);
    }

    private void Observe(int side, int group, ReadOnlySpan<float> missed)
    {
        var (sum, seen) = (0.0, 0);
        for (var m = 0; m < Metrics; m++)
        {
            // a metric at its bound (a still one, whose band is never missed) would drag the others from their tenth for good, and they it from its bound
            if (float.IsNaN(missed[m]) || IsHeld(side, group, m, missed[m] - Target))
                continue;
            sum += missed[m] - Target;
            seen++;
        }

        var all = seen == 0 ? 0 : sum / seen;
        for (var m = 0; m < Metrics; m++)
        {
            if (!float.IsNaN(missed[m]) && !IsHeld(side, group, m, missed[m] - Target))
                Move(side, group, m, (((missed[m] - Target) * (1 - Pooled)) + (all * Pooled)) * Rate);
        }
    }

    private bool IsHeld(int side, int group, int metric, double step) =>
        _log[At(side, group, metric)] is var log && (step < 0 ? log <= s_least : log >= s_most);

    private void Move(int side, int group, int metric, double step)
    {
        ref var log = ref _log[At(side, group, metric)];
        log = Math.Clamp(log + (float)step, s_least, s_most);
    }

    private int At(int side, int group, int metric) => (((side * Groups) + group) * Metrics) + metric;
}
