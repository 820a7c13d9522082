using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Past;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>
/// What is forecast for one server an hour and eight hours ahead, until what came can be compared with it, in half precision: 23 KB a server. One writer; readers take the
/// lock of the archive.
/// </summary>
internal sealed class ForecastArchive
{
    /// <summary>Steps ahead that are kept.</summary>
    public static ReadOnlySpan<int> Leads => [12, 96];

    /// <summary>A target is judged when it closes, before the next forecast takes the place of the one before it.</summary>
    private const int Slots = TimeGrid.HorizonSteps + 1;

    private readonly Kept[] _values = new Kept[2 * Slots * MetricCatalog.Count];
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
                var naive = window[((lead - 1) * MetricCatalog.Count) + metric];
                slot[metric] = new Kept(ToHalf(quantiles[at]), ToHalf(quantiles[at + 1]), ToHalf(quantiles[at + 2]), ToHalf(naive));
            }
        }
    }

    /// <summary>Takes over what had been forecast for the steps to come.</summary>
    /// <param name="lastStep">Last closed step.</param>
    /// <param name="window">[288 x 14], a day before the steps to come.</param>
    /// <param name="earlier">The forecasts.</param>
    public void Restore(long lastStep, ReadOnlySpan<float> window, KeptForecasts earlier)
    {
        for (var which = 0; which < Leads.Length; which++)
        {
            for (var ahead = 1; ahead < Leads[which]; ahead++)
            {
                var slot = Claim(which, lastStep + ahead);
                for (var metric = 0; metric < MetricCatalog.Count; metric++)
                {
                    var naive = window[((ahead - 1) * MetricCatalog.Count) + metric];
                    slot[metric] = TryGet(earlier, which, lastStep + ahead, (Metric)metric, naive, out var kept) ? kept : Kept.Nothing;
                }
            }
        }
    }

    /// <summary>What was forecast for a step, from the disk; false where nothing was kept.</summary>
    public static bool TryGet(KeptForecasts? earlier, int which, long step, Metric metric, float naive, out Kept kept)
    {
        kept = Kept.Nothing;
        if (earlier is null || !earlier.TryGet(step, PastLeads.Steps.IndexOf(Leads[which]), metric, out var band))
            return false;
        // what never errs must not seem to for how it was kept
        kept = new Kept(ToHalf(band.P10 - band.Slack), ToHalf(band.P50), ToHalf(band.P90 + band.Slack), ToHalf(naive));
        return true;
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

        kept = _values[(at * MetricCatalog.Count) + (int)metric];
        return true;
    }

    /// <summary>Halves reach to 65,504: beyond that a value is kept as that.</summary>
    public static Half ToHalf(float value) => (Half)Math.Min(value, (float)Half.MaxValue);

    private static int IndexOf(int which, long step) => (which * Slots) + (int)(((step % Slots) + Slots) % Slots);

    private Span<Kept> Claim(int which, long target)
    {
        var at = IndexOf(which, target);
        _targets[at] = target;
        return _values.AsSpan(at * MetricCatalog.Count, MetricCatalog.Count);
    }

    /// <param name="P10">Lower edge.</param>
    /// <param name="P50">Middle.</param>
    /// <param name="P90">Upper edge.</param>
    /// <param name="Naive">The value a day before the target.</param>
    public readonly record struct Kept(Half P10, Half P50, Half P90, Half Naive)
    {
        public static Kept Nothing { get; } = new(Half.NaN, Half.NaN, Half.NaN, Half.NaN);
    }
}
