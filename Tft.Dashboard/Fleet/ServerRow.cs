using Tft.Contract.Messages;

namespace Tft.Dashboard.Fleet;

/// <summary>One server as lists show it: small, because the dashboard keeps one for every server of the fleet.</summary>
public sealed record ServerRow
{
    /// <summary>Metrics that a row carries, by their position in <see cref="Glances"/>.</summary>
    public static readonly string[] Metrics = ["cpu_idle_pct", "mem_used_pct", "disk_usage_pct", "load_average"];

    public const int Cpu = 0;
    public const int Memory = 1;
    public const int Disk = 2;
    public const int Load = 3;

    public required string Name { get; init; }
    public required string Profile { get; init; }
    public required string State { get; init; }
    public required Level Level { get; init; }
    public required float Risk { get; init; }
    public required float CurrentRisk { get; init; }
    public required float PredictedRisk { get; init; }
    public required float Prob30m { get; init; }
    public required float Prob8h { get; init; }
    public required bool IsFallback { get; init; }
    public required string? FallbackReason { get; init; }
    public required DateTimeOffset LastRecordAt { get; init; }

    /// <summary>The first reason in words; null without one.</summary>
    public required string? Reason { get; init; }

    /// <summary>Wire name of the metric of the first reason; null without one.</summary>
    public required string? ReasonMetric { get; init; }

    /// <summary>Minutes until the first reason comes true; 0 if it is so already, null without a reason.</summary>
    public required int? LeadMinutes { get; init; }
    public required Glance[] Glances { get; init; }

    /// <summary>No record for 15 minutes: shown, and marked.</summary>
    public bool IsStale(DateTimeOffset now) => now - LastRecordAt > TimeSpan.FromMinutes(15);

    public static ServerRow From(string name, ServerPrediction prediction) => new()
    {
        Name = name,
        Profile = prediction.Profile,
        State = prediction.State,
        Level = Levels.Parse(prediction.Level),
        Risk = (float)prediction.RiskScore,
        CurrentRisk = (float)prediction.CurrentRisk,
        PredictedRisk = (float)prediction.PredictedRisk,
        Prob30m = (float)prediction.Prob30m,
        Prob8h = (float)prediction.Prob8h,
        IsFallback = prediction.FallbackReason is not null || !string.Equals(prediction.ModelType, "TFT", StringComparison.OrdinalIgnoreCase),
        FallbackReason = prediction.FallbackReason,
        LastRecordAt = prediction.LastRecordAt,
        Reason = prediction.Reasons.Count > 0 ? prediction.Reasons[0].Text : null,
        ReasonMetric = prediction.Reasons.Count > 0 ? prediction.Reasons[0].Metric : null,
        LeadMinutes = prediction.Reasons.Count > 0 ? prediction.Reasons[0].LeadMinutes : null,
        Glances = [.. Metrics.Select((metric, i) => Glance.From(prediction, metric, inverted: i == Cpu))],
    };
}

/// <summary>A metric now and at the three horizons of a list; NaN where there is none.</summary>
public readonly record struct Glance(float Now, BandF In30m, BandF In1h, BandF In8h)
{
    /// <param name="prediction">The server.</param>
    /// <param name="metric">Wire name of the metric.</param>
    /// <param name="inverted">Reads idle as used: 100 - x, so that the quantiles change places.</param>
    public static Glance From(ServerPrediction prediction, string metric, bool inverted)
    {
        var now = prediction.Current.TryGetValue(metric, out var value) ? (float)value : float.NaN;
        return new(
            inverted ? 100 - now : now,
            BandF.From(prediction.Predictions30m, metric, inverted),
            BandF.From(prediction.Predictions1h, metric, inverted),
            BandF.From(prediction.Predictions8h, metric, inverted));
    }
}

public readonly record struct BandF(float P10, float P50, float P90)
{
    public static readonly BandF None = new(float.NaN, float.NaN, float.NaN);

    public static BandF From(IReadOnlyDictionary<string, Band> bands, string metric, bool inverted) =>
        !bands.TryGetValue(metric, out var band) ? None
        : inverted ? new((float)(100 - band.P90), (float)(100 - band.P50), (float)(100 - band.P10))
        : new((float)band.P10, (float)band.P50, (float)band.P90);
}
