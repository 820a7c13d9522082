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
}
