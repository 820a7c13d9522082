namespace Tft.Contract.Messages;

/// <summary>Answer of GET /history/{server}: what was measured, on the five-minute grid, oldest step first.</summary>
public sealed record HistoryResponse
{
    public required string ServerName { get; init; }
    public required int StepSeconds { get; init; }

    /// <summary>Start of the first step; step i covers [FirstStep + i x StepSeconds, one step).</summary>
    public required DateTimeOffset FirstStep { get; init; }

    /// <summary>By metric: one value per step, null where nothing was measured.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double?>> Measured { get; init; }

    /// <summary>
    /// What had been forecast for these steps, by lead (1h, 8h) and metric: one value per step, null where nothing was kept.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, PastForecast>>? Forecasts { get; init; }

    /// <summary>False where the service does not keep this server's forecasts (<c>Tft:Quality:Servers</c>).</summary>
    public bool ForecastsKept { get; init; }
}

/// <summary>A metric's past forecasts at one lead, step by step.</summary>
public sealed record PastForecast
{
    public required IReadOnlyList<double?> P10 { get; init; }
    public required IReadOnlyList<double?> P50 { get; init; }
    public required IReadOnlyList<double?> P90 { get; init; }
}
