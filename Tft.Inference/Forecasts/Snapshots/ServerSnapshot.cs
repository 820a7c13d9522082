using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Risk;

namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>What is published of one server beside its forecast. Never changed after it was published.</summary>
internal sealed record ServerSnapshot
{
    public required int Number { get; init; }
    public required string Name { get; init; }

    /// <summary>Label of the contract; collides, so it is no key.</summary>
    public required string Id { get; init; }
    public required ServerProfile Profile { get; init; }
    public required ServerState State { get; init; }

    /// <summary>The last sample.</summary>
    public required MetricValues Current { get; init; }
    public required long LastRecordSeconds { get; init; }

    /// <summary>End of the last closed bucket; the last sample's time before there is one.</summary>
    public required long OriginSeconds { get; init; }
    public required int KnownSteps { get; init; }
    public required int MeasuredSteps { get; init; }
    public required ForecastNote Note { get; init; }
    public required ServerRisk Risk { get; init; }

    /// <summary>Origin of the first forecast since which the fallback has served for the same reason, as far back as this process; null where the TFT serves.</summary>
    public long? FallbackSinceSeconds { get; init; }

    /// <summary>What its load thresholds are multiples of; NaN for a newcomer.</summary>
    public float LoadMedian { get; init; } = float.NaN;

    /// <summary>No record for 15 minutes: still shown, marked.</summary>
    public bool IsStale { get; init; }

    /// <summary>288 closed steps, 80 % of them measured.</summary>
    public bool IsReady => KnownSteps >= TimeGrid.WindowSteps && MeasuredSteps >= ForecastShape.ReadyShare * TimeGrid.WindowSteps;

    /// <summary>warming, ready or stale.</summary>
    public string Lifecycle => IsStale ? "stale" : IsReady ? "ready" : "warming";
}
