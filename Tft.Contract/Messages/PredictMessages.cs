using System.Text.Json.Serialization;

namespace Tft.Contract.Messages;

/// <summary>Answer of GET /predict: a page of servers.</summary>
public sealed record PredictResponse
{
    public required IReadOnlyDictionary<string, ServerPrediction> Predictions { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required long Snapshot { get; init; }
    public required ModelInfo Model { get; init; }
    public required EnvironmentInfo Environment { get; init; }
    public required WarmupInfo Warmup { get; init; }

    /// <summary>Cursor of the next page for <c>?after=</c>; null on the last.</summary>
    public string? Next { get; init; }
}

/// <summary>One server in GET /predict. The three horizons are the values AT steps 6, 12 and 96.</summary>
public record ServerPrediction
{
    public required string ServerId { get; init; }
    public required string Profile { get; init; }
    public required string State { get; init; }
    public required IReadOnlyDictionary<string, double> Current { get; init; }
    [JsonPropertyName("predictions_30m")]
    public required IReadOnlyDictionary<string, Band> Predictions30m { get; init; }
    [JsonPropertyName("predictions_1h")]
    public required IReadOnlyDictionary<string, Band> Predictions1h { get; init; }
    [JsonPropertyName("predictions_8h")]
    public required IReadOnlyDictionary<string, Band> Predictions8h { get; init; }
    public required double RiskScore { get; init; }
    public required double CurrentRisk { get; init; }
    public required double PredictedRisk { get; init; }

    /// <summary>healthy, watch, warning or critical.</summary>
    public required string Level { get; init; }
    [JsonPropertyName("prob_30m")]
    public required double Prob30m { get; init; }
    [JsonPropertyName("prob_8h")]
    public required double Prob8h { get; init; }
    public required IReadOnlyList<RiskReason> Reasons { get; init; }

    /// <summary>TFT or fallback.</summary>
    public required string ModelType { get; init; }
    public string? FallbackReason { get; init; }

    /// <summary>Metrics on which the networks have lost to the fallback in the last days: it forecasts them.</summary>
    public IReadOnlyList<string>? FallbackMetrics { get; init; }
    public DateTimeOffset LastRecordAt { get; init; }

    /// <summary>End of the last closed bucket: where the forecast starts.</summary>
    public DateTimeOffset Origin { get; init; }
    public double DataAgeS { get; init; }
}

/// <summary>Answer of GET /predict/{server}: all steps.</summary>
public sealed record ServerForecast : ServerPrediction
{
    public required string ServerName { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required long Snapshot { get; init; }
    public required int StepSeconds { get; init; }
    public required DateTimeOffset FirstStep { get; init; }
    public required IReadOnlyList<string> Quantiles { get; init; }
    public required IReadOnlyDictionary<string, MetricForecast> Predictions { get; init; }

    /// <summary>Since when the fallback has served for this reason, as far back as the service runs; null where the TFT serves.</summary>
    public DateTimeOffset? FallbackSince { get; init; }
}

/// <summary>A metric's 96 steps ahead.</summary>
public sealed record MetricForecast
{
    public required IReadOnlyList<double> P10 { get; init; }
    public required IReadOnlyList<double> P50 { get; init; }
    public required IReadOnlyList<double> P90 { get; init; }
    public double? Current { get; init; }
    public double Trend { get; init; }
    public string Unit { get; init; } = "";
    public ForecastQuality? Quality { get; init; }

    /// <summary>TFT or fallback: by what this metric was forecast.</summary>
    public string? ModelType { get; init; }

    /// <summary>Weight of the networks beside the fallback, 0..1, by how both did in the last days; null where no network forecast.</summary>
    public double? Trust { get; init; }

    /// <summary>Where this metric becomes a risk on this server; null for a metric without thresholds.</summary>
    public MetricThresholds? Thresholds { get; init; }
}

/// <summary>Values at which a metric becomes a risk. They fall instead of rise where low is bad (idle CPU).</summary>
public sealed record MetricThresholds(double Watch, double Warning, double Critical);

/// <summary>How past forecasts of this metric did in the last seven days; null members until there are outcomes.</summary>
public sealed record ForecastQuality
{
    [JsonPropertyName("cover80_7d")]
    public double? Cover80 { get; init; }
    [JsonPropertyName("skill_7d")]
    public double? Skill { get; init; }
    public long N { get; init; }
}

/// <summary>A forecast of one metric at one lead, in the metric's unit.</summary>
public sealed record Band(double P10, double P50, double P90);

/// <summary>Why a server has its risk: a metric, a lead, a quantile and the threshold that it crosses.</summary>
public sealed record RiskReason
{
    public required string Metric { get; init; }

    /// <summary>0: it is so now.</summary>
    public required int LeadMinutes { get; init; }

    /// <summary>measured, p10, p50 or p90.</summary>
    public required string Quantile { get; init; }
    public required string Level { get; init; }
    public required double Threshold { get; init; }
    public required double Value { get; init; }
    public required string Text { get; init; }
}

/// <summary>What forecasts (TFT or fallback), of which model folder, and what it computes on.</summary>
public sealed record ModelInfo
{
    public required string Type { get; init; }
    public string? Version { get; init; }
    public required string Engine { get; init; }
    public required string Device { get; init; }
    public DateTimeOffset? LoadedAt { get; init; }
}

/// <summary>The fleet as a whole: probabilities, 0..1, that any server has an incident, and how many are expected to.</summary>
public sealed record EnvironmentInfo
{
    [JsonPropertyName("prob_30m")]
    public required double Prob30m { get; init; }
    [JsonPropertyName("prob_8h")]
    public required double Prob8h { get; init; }
    [JsonPropertyName("expected_incidents_30m")]
    public required double ExpectedIncidents30m { get; init; }
    [JsonPropertyName("expected_incidents_8h")]
    public required double ExpectedIncidents8h { get; init; }
    public required bool Calibrated { get; init; }
    public required int HighRiskServers { get; init; }
    public required int TotalServers { get; init; }
    public required string FleetHealth { get; init; }
}

/// <summary>How far the fleet is from full windows; sizes in closed steps of five minutes.</summary>
public sealed record WarmupInfo
{
    public required bool IsWarmedUp { get; init; }
    public required double ProgressPercent { get; init; }
    public required int Threshold { get; init; }
    public required int CurrentSize { get; init; }
    public required int RequiredSize { get; init; }
    public int ServersReady { get; init; }
    public int ServersTracked { get; init; }
    public required string Message { get; init; }
}
