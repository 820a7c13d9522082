using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>
/// What is forecast for one server an hour and eight hours ahead, until what came can be compared with it, in half precision: 23 KB a server. One writer; readers take the
/// lock of the archive.
/// </summary>
internal sealed class ForecastArchive
{
    /// <summary>Steps ahead that are kept.</summary>
    public static ReadOnlySpan<int> Leads => [12, 96];

    /// <summary>Values per metric: p10, p50, p90 and the value a day before the target (seasonal naive).</summary>
    private const int PerMetric = 4;
    /// <summary>A target is judged when it closes, before the next forecast takes the place of the one before it.</summary>
    private const int Slots = TimeGrid.HorizonSteps + 1;
    private const int PerSlot = MetricCatalog.Count * PerMetric;

    private readonly Half[] _values = new Half[2 * Slots * PerSlot];
    private readonly long[] _targets = new long[2 * Slots];

    public ForecastArchive() => _targets.AsSpan().Fill(long.MinValue);

    /// <summary>Keeps the forecast of the window that ends at <paramref name="lastStep"/>.</summary>
    /// <param name="lastStep">Last closed step.</param>
    /// <param name="window">[288 x 14].</param>
    /// <param name="quantiles">[96 x 14 x 3].</param>
    public void Keep(long lastStep, ReadOnlySpan<float> window, ReadOnlySpan<float> quantiles)
    {
        for (var which = 0; which < Leads.Length; which++)
        {
            var lead = Leads[which];
            var slot = Claim(which, lastStep + lead);
            for (var metric = 0; metric < MetricCatalog.Count; metric++)
            {
                var at = ForecastShape.At(lead - 1, metric);
                var values = slot.Slice(metric * PerMetric, PerMetric);
                values[0] = ToHalf(quantiles[at]);
                values[1] = ToHalf(quantiles[at + 1]);
                values[2] = ToHalf(quantiles[at + 2]);
                values[3] = ToHalf(window[((lead - 1) * MetricCatalog.Count) + metric]);
            }
        }
    }

    /// <summary>What was forecast for a step; false where nothing was kept.</summary>
    /// <param name="which">Index into <see cref="Leads"/>.</param>
    /// <param name="step">The target.</param>
    /// <param name="metric">Of what.</param>
    /// <param name="kept">NaN members where the metric was not forecast or not known a day before.</param>
    public bool TryGet(int which, long step, Metric metric, out Kept kept)
    {
        var at = IndexOf(which, step);
        if (_targets[at] != step)
        {
            kept = default;
            return false;
        }

        var values = _values.AsSpan((at * PerSlot) + ((int)metric * PerMetric), PerMetric);
        kept = new Kept(values[0], values[1], values[2], values[3]);
        return true;
    }

    /// <summary>Halves reach to 65,504: beyond that a value is kept as that.</summary>
    public static Half ToHalf(float value) => (Half)Math.Min(value, (float)Half.MaxValue);

    private static int IndexOf(int which, long step) => (which * Slots) + (int)(((step % Slots) + Slots) % Slots);

    private Span<Half> Claim(int which, long target)
    {
        var at = IndexOf(which, target);
        _targets[at] = target;
        return _values.AsSpan(at * PerSlot, PerSlot);
    }

    public readonly record struct Kept(Half P10, Half P50, Half P90, Half Naive);
}
