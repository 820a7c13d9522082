namespace Tft.Contract.Messages;

/// <summary>Answer of GET /quality: how what is served right now did, over the fleet, in the last seven days.</summary>
public sealed record FleetQualityResponse
{
    public required DateTimeOffset Timestamp { get; init; }
    public required long Snapshot { get; init; }
    public required ModelInfo Model { get; init; }
    public required int Servers { get; init; }

    /// <summary>Servers whose forecasts are compared with what came (<c>Tft:Quality:Servers</c>); all figures of quality are of these.</summary>
    public required int Compared { get; init; }

    /// <summary>Servers by <c>fallback_reason</c>; the others are forecast by the model.</summary>
    public required IReadOnlyDictionary<string, int> FallbackReasons { get; init; }

    /// <summary>By which part series are forecast.</summary>
    public required SeriesCounts Series { get; init; }

    /// <summary>Those of the metric in the middle: units differ, and one odd metric does not decide. N is the sum.</summary>
    public required QualityFigures Overall { get; init; }
    public required IReadOnlyList<MetricQuality> Metrics { get; init; }

    /// <summary>Day by day, oldest first; the last is today so far. A day without outcomes has N = 0.</summary>
    public required IReadOnlyList<DayQuality> Days { get; init; }
}

/// <summary>A metric over the fleet.</summary>
public sealed record MetricQuality
{
    public required string Metric { get; init; }
    public required QualityFigures Quality { get; init; }

    /// <summary>By lead: 1h, 8h.</summary>
    public required IReadOnlyDictionary<string, QualityFigures> Leads { get; init; }
    public required SeriesCounts Series { get; init; }
}

/// <summary>The metric in the middle, on one day.</summary>
/// <param name="Day">Its begin, UTC.</param>
/// <param name="Quality">What came of it.</param>
public sealed record DayQuality(DateTimeOffset Day, QualityFigures Quality);

/// <summary>What came of forecasts an hour and eight hours ahead.</summary>
/// <param name="N">Outcomes.</param>
/// <param name="Cover80">Share of them between p10 and p90; .8 is meant. Null without outcomes.</param>
/// <param name="Skill">1 - sum of absolute errors of p50 / that of seasonal naive; null where that is unknown or has none.</param>
public sealed record QualityFigures(long N, double? Cover80, double? Skill);

/// <summary>Series (a metric of a server) by what forecasts them.</summary>
/// <param name="Networks">The networks, trusted by half or more.</param>
/// <param name="Mixed">The networks, trusted by less.</param>
/// <param name="FallbackBetter">The base, which has been better than the networks.</param>
/// <param name="Rules">Base or rules, where no network forecasts.</param>
public sealed record SeriesCounts(int Networks, int Mixed, int FallbackBetter, int Rules);
