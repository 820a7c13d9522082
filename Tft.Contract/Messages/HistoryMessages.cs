namespace Tft.Contract.Messages;

/// <summary>Answer of GET /history/{server}: what was measured, on the five-minute grid or means of several steps, oldest first, and what had been forecast for it.</summary>
public sealed record HistoryResponse
{
    public required string ServerName { get; init; }
    public required int StepSeconds { get; init; }

    /// <summary>Start of the oldest step that is kept of the server; the answer does not begin before it.</summary>
    public DateTimeOffset OldestStep { get; init; }

    /// <summary>Start of the first step; step i covers [FirstStep + i x StepSeconds, one step).</summary>
    public required DateTimeOffset FirstStep { get; init; }

    /// <summary>By metric: one value per step, null where nothing was measured.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double?>> Measured { get; init; }

    /// <summary>
    /// What had been forecast for these steps, by lead (30m, 1h, 4h, 8h) and metric: one value per step, null where nothing was kept.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, PastForecast>>? Forecasts { get; init; }

    /// <summary>What came of them, by lead and metric: of every five minutes, however long a step of the answer is.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, PastOutcome>>? Outcomes { get; init; }

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

/// <summary>What came of a metric's past forecasts at one lead.</summary>
/// <param name="N">Steps that were measured and had been forecast.</param>
/// <param name="Mae">Mean absolute error of p50, in the metric's unit; null without any.</param>
/// <param name="Cover80">Share of them between p10 and p90.</param>
/// <param name="NaiveN">Of these, how many were measured a day before, too.</param>
/// <param name="NaiveMae">Mean absolute error of the value of a day before.</param>
/// <param name="Skill">1 - error of p50 / that of the value of a day before, over the same steps.</param>
public sealed record PastOutcome(int N, double? Mae, double? Cover80, int NaiveN, double? NaiveMae, double? Skill);
