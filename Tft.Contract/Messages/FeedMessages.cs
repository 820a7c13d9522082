namespace Tft.Contract.Messages;

/// <summary>Answer of POST /feed.</summary>
public record FeedResponse
{
    /// <summary>ok, partial; <c>accepted</c> for contract 1.</summary>
    public required string Status { get; init; }
    public required int Received { get; init; }
    public required int Accepted { get; init; }
    public required int Duplicates { get; init; }
    public required IReadOnlyList<RejectedRecord> Rejected { get; init; }
    public double WarmupProgress { get; init; }
}

/// <summary>Answer of POST /feed/data (contract 1).</summary>
public sealed record FeedDataResponse : FeedResponse
{
    public required long Tick { get; init; }
    public required long WindowSize { get; init; }
    public required int ServersTracked { get; init; }
    public required int ServersReady { get; init; }
    public required bool WarmupComplete { get; init; }
    public required IReadOnlyList<FeedWarning> Warnings { get; init; }
}

/// <summary>Why a record of a batch was refused; the good ones beside it are kept.</summary>
public sealed record RejectedRecord(int Index, string? ServerName, string Code, string? Field, string Message);

/// <summary>What a sender of contract 1 is told beside the answer: its records were taken all the same.</summary>
public sealed record FeedWarning(string Code, string Message);
