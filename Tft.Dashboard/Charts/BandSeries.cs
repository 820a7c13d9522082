using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Charts;

/// <summary>A metric of one server as a chart shows it: what was measured, what is forecast, and where it becomes a risk.</summary>
public sealed record BandSeries
{
    /// <summary>Key of what is read from idle CPU.</summary>
    public const string CpuUsed = "cpu_used_pct";

    private const string CpuUsedLabel = "CPU used";
    private static readonly IReadOnlyList<MetricDefinition> s_order = InOrder();

    /// <summary>Key in the URL.</summary>
    public required string Key { get; init; }
    public required string Label { get; init; }
    public required string Unit { get; init; }

    /// <summary>Upper end of the axis when the metric has one: 100 for a percentage.</summary>
    public double? Ceiling { get; init; }

    public required TimeSpan Step { get; init; }

    /// <summary>
    /// Time of the first measured value: the end of its bucket, so that measured and forecast meet at the origin.
    /// </summary>
    public required DateTimeOffset MeasuredFrom { get; init; }

    /// <summary>One value per step; NaN where nothing was measured.</summary>
    public required double[] Measured { get; init; }

    /// <summary>What had been forecast for the measured steps; null where it is not asked for or nothing was kept.</summary>
    public PastBand? Before { get; init; }

    /// <summary>Time of the first forecast value: one step after the origin.</summary>
    public required DateTimeOffset ForecastFrom { get; init; }
    public required double[] P10 { get; init; }
    public required double[] P50 { get; init; }
    public required double[] P90 { get; init; }
    public required double? Current { get; init; }
    public required IReadOnlyList<Threshold> Thresholds { get; init; }
    public ForecastQuality? Quality { get; init; }

    /// <summary>True where the networks have no part in the forecast.</summary>
    public bool IsFallback { get; init; }

    /// <summary>Weight of the networks beside the fallback, 0..1; null where no network forecast.</summary>
    public double? Trust { get; init; }

    /// <summary>True where a small value is the bad one.</summary>
    public bool LowIsBad { get; init; }

    public DateTimeOffset MeasuredAt(int i) => MeasuredFrom + (i * Step);

    public DateTimeOffset ForecastAt(int i) => ForecastFrom + (i * Step);

    /// <summary>The series of a server's metrics, most telling first. CPU used is read from idle: 100 - x, p10 for p90.</summary>
    /// <param name="forecast">What is forecast.</param>
    /// <param name="history">What was measured; null where it is not known.</param>
    /// <param name="before">Lead of the past forecasts that are wanted beside it, as the history names it: 1h, 8h.</param>
    public static IReadOnlyList<BandSeries> AllOf(ServerForecast forecast, HistoryResponse? history, string? before = null)
    {
        var all = new List<BandSeries>();
        if (forecast.Predictions.ContainsKey("cpu_idle_pct"))
        {
            all.Add(Of(forecast, history, before, MetricCatalog.Get(Metric.CpuIdle)).Inverted(CpuUsed, CpuUsedLabel));
        }

        all.AddRange(s_order.Where(m => forecast.Predictions.ContainsKey(m.Name)).Select(m => Of(forecast, history, before, m)));
        return all;
    }

    /// <summary>A metric's past alone: what was measured, and what had been forecast for it at a lead.</summary>
    /// <param name="history">Of one metric at least.</param>
    /// <param name="key">Key of the series.</param>
    /// <param name="lead">30m, 1h, 4h, 8h.</param>
    public static BandSeries PastOf(HistoryResponse history, string key, string lead)
    {
        var metric = MetricCatalog.Find(key == CpuUsed ? "cpu_idle_pct" : key) ?? throw new ArgumentException($"'{key}' is no metric.", nameof(key));
        var start = history.FirstStep.AddSeconds(history.StepSeconds);
        double[] measured = [.. (history.Measured.GetValueOrDefault(metric.Name) ?? []).Select(v => v ?? double.NaN)];
        var past = new BandSeries
        {
            Key = metric.Name,
            Label = metric.Label,
            Unit = metric.Unit,
            Ceiling = metric.IsPercent ? 100 : null,
            Step = TimeSpan.FromSeconds(history.StepSeconds),
            MeasuredFrom = start,
            Measured = measured,
            Before = PastBand.Of(history, lead, metric.Name),
            ForecastFrom = start.AddSeconds((double)history.StepSeconds * measured.Length),
            P10 = [],
            P50 = [],
            P90 = [],
            Current = null,
            Thresholds = [],
        };
        return key == CpuUsed ? past.Inverted(CpuUsed, CpuUsedLabel) : past;
    }

    /// <summary>Key and label of every series that there can be, most telling first.</summary>
    public static IReadOnlyList<(string Key, string Label)> Known { get; } = [(CpuUsed, CpuUsedLabel), .. s_order.Select(m => (m.Name, m.Label))];

    /// <summary>How far p50 was from what came, step by step: measured less forecast.</summary>
    public BandSeries Errors() => this with
    {
        Label = $"{Label}: measured less forecast",
        Ceiling = null,
        Measured = [.. Measured.Select((v, i) => v - (Before?.P50[i] ?? double.NaN))],
        Before = null,
    };

    private static BandSeries Of(ServerForecast forecast, HistoryResponse? history, string? before, MetricDefinition metric)
    {
        var prediction = forecast.Predictions[metric.Name];
        IReadOnlyList<double?> measured = history?.Measured.GetValueOrDefault(metric.Name) ?? [];
        return new()
        {
            Key = metric.Name,
            Label = metric.Label,
            Unit = metric.Unit,
            Ceiling = metric.IsPercent ? 100 : null,
            Step = TimeSpan.FromSeconds(forecast.StepSeconds),
            MeasuredFrom = history is null ? forecast.Origin : history.FirstStep.AddSeconds(history.StepSeconds),
            Measured = [.. measured.Select(v => v ?? double.NaN)],
            Before = PastBand.Of(history, before, metric.Name),
            ForecastFrom = forecast.FirstStep,
            P10 = [.. prediction.P10],
            P50 = [.. prediction.P50],
            P90 = [.. prediction.P90],
            Current = prediction.Current,
            Thresholds = Threshold.Of(prediction.Thresholds),
            Quality = prediction.Quality,
            IsFallback = (prediction.ModelType ?? forecast.ModelType) != "TFT",
            Trust = prediction.Trust,
            LowIsBad = prediction.Thresholds is { } t && t.Critical < t.Watch,
        };
    }

    private static List<MetricDefinition> InOrder()
    {
        string[] first = ["mem_used_pct", "load_average", "disk_usage_pct", "cpu_iowait_pct", "swap_used_pct", "net_in_mb_s", "net_out_mb_s"];
        var order = first.Select(MetricCatalog.Find).OfType<MetricDefinition>().ToList();
        order.AddRange(MetricCatalog.All.Except(order).OrderBy(m => m.Id == Metric.CpuIdle));
        return order;
    }

    private BandSeries Inverted(string key, string label) => this with
    {
        Key = key,
        Label = label,
        Measured = [.. Measured.Select(v => 100 - v)],
        Before = Before is null ? null : Before with { P10 = [.. Before.P90.Select(v => 100 - v)], P50 = [.. Before.P50.Select(v => 100 - v)], P90 = [.. Before.P10.Select(v => 100 - v)] },
        P10 = [.. P90.Select(v => 100 - v)],
        P50 = [.. P50.Select(v => 100 - v)],
        P90 = [.. P10.Select(v => 100 - v)],
        Current = 100 - Current,
        Thresholds = [.. Thresholds.Select(t => t with { Value = 100 - t.Value })],
        LowIsBad = Thresholds.Count > 0 && !LowIsBad,
    };
}

/// <summary>What had been forecast for measured steps, some time before each of them; NaN where nothing was kept.</summary>
/// <param name="Lead">How long before, as the history names it: 1h, 8h.</param>
/// <param name="P10">One value for each measured step, as the others.</param>
/// <param name="P50">The middle.</param>
/// <param name="P90">The upper edge.</param>
public sealed record PastBand(string Lead, double[] P10, double[] P50, double[] P90)
{
    /// <summary>The lead in words: <c>8 h</c>.</summary>
    public string Words => Format.PastLead(Lead);

    public static PastBand? Of(HistoryResponse? history, string? lead, string metric)
    {
        if (lead is null || history?.Forecasts?.GetValueOrDefault(lead)?.GetValueOrDefault(metric) is not { } past)
        {
            return null;
        }

        double[] Known(IReadOnlyList<double?> values) => [.. values.Select(v => v ?? double.NaN)];
        var band = new PastBand(lead, Known(past.P10), Known(past.P50), Known(past.P90));
        var steps = history.Measured.GetValueOrDefault(metric)?.Count;
        return band.P10.Length == steps && band.P50.Length == steps && band.P90.Length == steps ? band : null;
    }
}

/// <summary>A value at which a metric becomes a risk.</summary>
/// <param name="Level">watch, warning or critical.</param>
/// <param name="Value">In the metric's unit.</param>
public sealed record Threshold(Fleet.Level Level, double Value)
{
    public static IReadOnlyList<Threshold> Of(MetricThresholds? thresholds) => thresholds is null
        ? []
        : [new(Fleet.Level.Watch, thresholds.Watch), new(Fleet.Level.Warning, thresholds.Warning), new(Fleet.Level.Critical, thresholds.Critical)];
}
