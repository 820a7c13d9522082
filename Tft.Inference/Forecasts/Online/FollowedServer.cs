using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Online;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts.Online;

/// <summary>
/// What a server's forecasts have learned from what came: the scale of its bands and how far the networks are believed. Its forecaster goes through
/// <see cref="Begin"/>, <see cref="Serve"/> for each metric that the recipe forecasts, <see cref="End"/>; one thread at a time. Allocates nothing after the first day.
/// </summary>
/// <param name="name">The server.</param>
/// <param name="phase">Servers take turns within the hour: this one's share, in steps.</param>
internal sealed class FollowedServer(string name, int phase)
{
    private const int Metrics = MetricCatalog.Count;
    private const int Series = ForecastShape.Steps * ForecastShape.Quantiles;

    private readonly OriginArchive _archive = new();
    private long _hour = long.MinValue;
    private long _origin = long.MinValue;
    private bool _keeps;
    private int _forecasts;
    private bool _forecasting;
    private MetricMask _recipe;
    private MetricMask _served;
    private MetricMask _paired;

    public string Name => name;

    /// <summary>Which step of the hour is this server's turn.</summary>
    public int Phase => phase;

    /// <summary>Running number of the hour of the newest forecast that waits.</summary>
    public long Hour => Volatile.Read(ref _hour);

    /// <summary>Hour up to which what waits is on disk; of whoever keeps it.</summary>
    public long KeptHour { get; set; } = long.MinValue;

    /// <summary>Last closed step that was seen.</summary>
    public long LastStep { get; private set; } = long.MinValue;

    public OnlineConformal Scales { get; } = new(Metrics);

    public SeriesTrust Trust { get; } = new(Metrics);

    /// <summary>How far base and networks are believed over yesterday's value.</summary>
    public YesterdayTrust OverYesterday { get; } = new(Metrics);

    /// <summary>Metrics whose scales were learned on forecasts of the recipe; the others' on those of the rules.</summary>
    public MetricMask Recipe => _recipe;

    /// <summary>Metrics on which the networks lose, to the base or, with it, to yesterday's value: nothing of them is served.</summary>
    public MetricMask Rejected
    {
        get
        {
            var mask = default(MetricMask);
            for (var m = 0; m < Metrics; m++)
                mask = Rejects(m) ? mask.With((Metric)m) : mask;
            return mask;
        }
    }

    /// <summary>Weight of the networks in what is served of a metric, 0..1.</summary>
    public float NetworksShare(int metric) => Rejects(metric) ? 0 : Trust.Of(metric) * OverYesterday.Of(metric);

    private bool Rejects(int metric) => Trust.Rejects(metric) || OverYesterday.Rejects(metric);

    /// <summary>Goes on with what was kept of it.</summary>
    public void Restore(long lastStep, MetricMask recipe) => (LastStep, _recipe) = (lastStep, recipe);

    /// <summary>Copies what waits, from any thread; false where the server is being forecast.</summary>
    public bool TryCopyWaiting(Span<byte> bytes, out (int Bytes, int Phase, long Hour, long Origin) kept)
    {
        kept = default;
        var before = Volatile.Read(ref _forecasts);
        if (Volatile.Read(ref _forecasting))
            return false;
        kept = (_archive.CopyTo(bytes), phase, _hour, _origin);
        Interlocked.MemoryBarrier();
        return !Volatile.Read(ref _forecasting) && Volatile.Read(ref _forecasts) == before;
    }

    /// <summary>Goes on waiting for what was kept; after <see cref="Restore"/>.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public void RestoreWaiting(long hour, long origin, ReadOnlySpan<byte> archive, bool sameNetworks)
    {
        _archive.Restore(archive, LastStep);
        if (!sameNetworks)
            _archive.ForgetPairs();
        (_hour, _origin, KeptHour) = (hour, origin, hour);
    }

    /// <summary>Other networks: what was learned of the old ones' merit says nothing of them. The scales stay: they are the series' own.</summary>
    public void ForgetNetworks()
    {
        Trust.Forget();
        OverYesterday.Forget();
        _archive.ForgetPairs();
    }

    /// <summary>Learns from what has come, and decides whether the forecast to come is one of those that are followed.</summary>
    /// <param name="window">Where the window stands.</param>
    /// <param name="values">[288 x 14].</param>
    public Outcomes Begin(WindowInfo window, ReadOnlySpan<float> values)
    {
        Volatile.Write(ref _forecasting, true);
        Interlocked.Increment(ref _forecasts);
        var outcomes = default(Outcomes);
        (_served, _paired) = (default, default);
        if (window.LastStep < LastStep - TimeGrid.WindowSteps)
        {
            // a clock that was ahead has been set right: nothing that waits will come
            _archive.Clear();
            (_hour, _origin) = (long.MinValue, long.MinValue);
        }
        else if (window.LastStep >= _archive.Due)
        {
            outcomes = Judge(window.LastStep, values);
        }

        LastStep = window.LastStep;
        var hour = (window.LastStep + phase) / OnlineLeads.OriginStep;
        _keeps = hour > _hour || window.LastStep == _origin;
        if (_keeps)
            (_hour, _origin) = (hour, window.LastStep);
        return outcomes;
    }

    /// <summary>The forecast of a metric as it is published: networks, base and yesterday's value mixed, the band scaled, rounded to the metric's grid.</summary>
    /// <param name="metric">Of what.</param>
    /// <param name="raw">As the recipe made it.</param>
    /// <param name="hasNetworks">False where the base alone was asked for.</param>
    /// <param name="quantiles">[96, 3].</param>
    public void Serve(Metric metric, RawForecast raw, bool hasNetworks, Span<float> quantiles)
    {
        var m = (int)metric;
        if (!_recipe.Has(metric))
            Scales.Forget(m);
        (_recipe, _served) = (_recipe.With(metric), _served.With(metric));
        Scales.Rate = OnlineConformal.RateOf(raw.IsNewcomer);
        raw.Quantiles.CopyTo(quantiles);
        if (hasNetworks)
        {
            SeriesTrust.Blend(Trust.Of(m), quantiles, raw.Base);
            OverYesterday.Blend(m, quantiles, raw.Yesterday);
            if (_keeps)
            {
                _archive.KeepPair(_hour, m, raw);
                _paired = _paired.With(metric);
            }
        }

        Scales.Apply(m, raw.Grid, quantiles);
    }

    /// <summary>The forecaster failed on this server: what it served is not published.</summary>
    public void Withdraw() => (_served, _paired) = (default, default);

    /// <summary>Scales the bands of the other metrics, which the rules forecast, and keeps what is published.</summary>
    /// <param name="quantiles">[96 x 14 x 3], clamped to each metric's range before and after.</param>
    /// <returns>Followed forecasts that were given up.</returns>
    public int End(Span<float> quantiles)
    {
        foreach (var metric in MetricCatalog.All)
        {
            // uptime is a clock: its band is the rounding of the sources
            if (!_served.Has(metric.Id) && metric.Id != Metric.UptimeDays)
                Widen(metric, quantiles);
        }

        _recipe = _served;
        var lost = _keeps ? _archive.Keep(_hour, _origin, _served, _paired, quantiles) : 0;
        Volatile.Write(ref _forecasting, false);
        return lost;
    }

    private void Widen(MetricDefinition metric, Span<float> quantiles)
    {
        var m = (int)metric.Id;
        if (_recipe.Has(metric.Id))
            Scales.Forget(m);
        if (Scales.IsNeutral(m) || float.IsNaN(quantiles[ForecastShape.At(0, m) + 1]))
            return;
        Span<float> series = stackalloc float[Series];
        for (var step = 0; step < ForecastShape.Steps; step++)
            quantiles.Slice(ForecastShape.At(step, m), ForecastShape.Quantiles).CopyTo(series[(step * ForecastShape.Quantiles)..]);
        Scales.Apply(m, 0, series);
        for (var step = 0; step < ForecastShape.Steps; step++)
        {
            var q = series.Slice(step * ForecastShape.Quantiles, ForecastShape.Quantiles);
            ForecastShape.Write(quantiles, step, metric, q[0], q[1], q[2]);
        }
    }

    private Outcomes Judge(long lastStep, ReadOnlySpan<float> values)
    {
        var sum = default(Outcomes);
        Span<float> below = stackalloc float[Metrics], above = stackalloc float[Metrics];
        Span<float> networks = stackalloc float[ForecastShape.Quantiles], fallback = stackalloc float[ForecastShape.Quantiles];
        Span<float> losses = stackalloc float[Metrics * SeriesTrust.Mixtures], overYesterday = stackalloc float[Metrics * SeriesTrust.Mixtures];
        Span<int> pairs = stackalloc int[Metrics];
        losses.Clear();
        overYesterday.Clear();
        pairs.Clear();
        for (var group = 0; group < OnlineConformal.Groups; group++)
        {
            while (_archive.TryTake(group, lastStep, phase, out var waiting))
            {
                var at = TimeGrid.WindowSteps - 1 - (lastStep - waiting.Target(phase));
                if (at < 0)
                {
                    sum = sum with { Lost = sum.Lost + 1 };
                    continue;
                }

                var row = values.Slice((int)at * Metrics, Metrics);
                for (var m = 0; m < Metrics; m++)
                {
                    (below[m], above[m]) = (float.NaN, float.NaN);
                    var (low, high) = waiting.Band(m);
                    // scales that were learned on the rules' bands say nothing of the recipe's
                    if (float.IsNaN(row[m]) || float.IsNaN(low) || waiting.Recipe.Has((Metric)m) != _recipe.Has((Metric)m) || m == (int)Metric.UptimeDays)
                        continue;
                    var side = OnlineConformal.Side(row[m], low, high);
                    sum = sum.With(side);
                    if (!_recipe.Has((Metric)m))
                    {
                        // what only stands still or is hardly measured shares nothing with what moves
                        Scales.Observe(group, m, side < 0 ? 1 : 0, side > 0 ? 1 : 0);
                        continue;
                    }

                    (below[m], above[m]) = (side < 0 ? 1 : 0, side > 0 ? 1 : 0);
                    if (!waiting.TryPair(m, networks, fallback, out var yesterday))
                        continue;
                    SeriesTrust.AddLosses(row[m], networks, fallback, losses.Slice(m * SeriesTrust.Mixtures, SeriesTrust.Mixtures));
                    SeriesTrust.Blend(Trust.Of(m), networks, fallback);
                    OverYesterday.AddLosses(m, row[m], networks, yesterday, overYesterday.Slice(m * SeriesTrust.Mixtures, SeriesTrust.Mixtures));
                    pairs[m]++;
                }

                Scales.Observe(group, below, above);
            }
        }

        _archive.Settle();
        if (pairs.ContainsAnyExcept(0))
        {
            var before = Rejected;
            Trust.Observe(losses, pairs);
            OverYesterday.Observe(overYesterday, pairs);
            sum = sum with { Rejected = Rejected.Count - before.Count };
        }

        return sum;
    }
}

/// <summary>What came of the forecasts of a server that could be judged.</summary>
/// <param name="Covered">Values inside the published band.</param>
/// <param name="Below">Values below it.</param>
/// <param name="Above">Values above it.</param>
/// <param name="Lost">Forecasts whose target had left the window before they were judged.</param>
/// <param name="Rejected">By how many more metrics the networks are rejected.</param>
internal readonly record struct Outcomes(int Covered, int Below, int Above, int Lost, int Rejected)
{
    public Outcomes With(int side) => side switch
    {
        < 0 => this with { Below = Below + 1 },
        > 0 => this with { Above = Above + 1 },
        _ => this with { Covered = Covered + 1 },
    };
}
