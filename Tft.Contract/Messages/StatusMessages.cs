namespace Tft.Contract.Messages;

/// <summary>Answer of GET /status.</summary>
public sealed record StatusResponse
{
    public required bool Running { get; init; }

    /// <summary>Accepted requests since start.</summary>
    public required long TickCount { get; init; }

    /// <summary>Closed steps held, over all servers.</summary>
    public required long WindowSize { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required WarmupInfo Warmup { get; init; }
    public required ModelInfo Model { get; init; }
    public required SnapshotInfo Snapshot { get; init; }
    public required JournalInfo Journal { get; init; }
    public required IReadOnlyList<SourceInfo> Sources { get; init; }

    /// <summary>What is kept beyond the windows, and the states learned from it.</summary>
    public HistoryInfo? History { get; init; }
}

/// <summary>Weeks of history, and the states of servers that are learned from them.</summary>
public sealed record HistoryInfo
{
    /// <summary>Days that are kept.</summary>
    public required int Days { get; init; }

    /// <summary>Servers of which something is kept beyond the window.</summary>
    public required int Servers { get; init; }

    /// <summary>On disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Stretches of six hours that wait for the disk.</summary>
    public required int Waiting { get; init; }

    /// <summary>Stretches of six hours that could not be kept.</summary>
    public required long Lost { get; init; }

    /// <summary>Why nothing can be kept now; null where it can.</summary>
    public string? Fault { get; init; }

    /// <summary>Servers with a state from weeks.</summary>
    public required int States { get; init; }

    /// <summary>In memory.</summary>
    public required long StateBytes { get; init; }

    /// <summary>States from all the days that are kept.</summary>
    public required int StatesOfAllDays { get; init; }

    /// <summary>States from fewer days, four at least.</summary>
    public required int StatesOfFewerDays { get; init; }

    /// <summary>Ready servers that are forecast from their last day alone.</summary>
    public required int WithoutState { get; init; }

    /// <summary>States that are due and not yet renewed.</summary>
    public required int Due { get; init; }

    /// <summary>How long the one that waits longest has been due, in seconds.</summary>
    public required long LagS { get; init; }

    /// <summary>Since the start.</summary>
    public required long Renewals { get; init; }
}

/// <summary>The newest published forecasts: how old they are, how long their run took, and of how many servers.</summary>
public sealed record SnapshotInfo
{
    public required long Number { get; init; }
    public required double AgeS { get; init; }
    public required double DurationMs { get; init; }
    public required int Servers { get; init; }
    public required int Fallback { get; init; }

    /// <summary>Servers on all of whose metrics the networks have lost to the fallback in the last days.</summary>
    public int FallbackBetterServers { get; init; }

    /// <summary>Metrics of servers on which they have.</summary>
    public int FallbackBetterSeries { get; init; }
}

/// <summary>What keeps acknowledged records, and whether it does so now.</summary>
public sealed record JournalInfo
{
    /// <summary>redis or embedded.</summary>
    public required string Kind { get; init; }

    /// <summary>ok or unavailable.</summary>
    public required string State { get; init; }
    public required string Durability { get; init; }
    public required long LagRecords { get; init; }
}

/// <summary>What one source has pushed.</summary>
public sealed record SourceInfo
{
    public required string Name { get; init; }
    public required DateTimeOffset LastPush { get; init; }
    public required double LagS { get; init; }

    /// <summary>Seconds between its pushes, of late; null before the second.</summary>
    public double? PauseS { get; init; }
    public required long Records { get; init; }
    public required long Rejected { get; init; }

    /// <summary>Rejects by code since start.</summary>
    public IReadOnlyDictionary<string, long>? RejectedByCode { get; init; }
}

/// <summary>Answer of GET /health.</summary>
public sealed record HealthResponse
{
    public required string Status { get; init; }
    public required string Service { get; init; }
    public required bool Running { get; init; }
    public required IReadOnlyDictionary<string, string> Checks { get; init; }
}

/// <summary>Data of a server-sent event <c>snapshot</c>.</summary>
public sealed record SnapshotEvent(long Snapshot, DateTimeOffset Timestamp, int Servers, int Changed);
