namespace Tft.Contract.Messages;

/// <summary>Answer of GET /remediation: what usually helps against what the service says now. Nothing of it is carried out by anybody but people.</summary>
public sealed record RemediationResponse
{
    public required DateTimeOffset Timestamp { get; init; }
    public required long Snapshot { get; init; }

    /// <summary>Worst first, then soonest; at most 500.</summary>
    public required IReadOnlyList<Suggestion> Suggestions { get; init; }

    /// <summary>How many there are.</summary>
    public required int Total { get; init; }

    /// <summary>Reasons at warning or worse for which there is no runbook.</summary>
    public required int WithoutRunbook { get; init; }

    /// <summary>Those that the suggestions name, in the order of the table.</summary>
    public required IReadOnlyList<Runbook> Runbooks { get; init; }
}

/// <summary>A runbook for a server, and why.</summary>
public sealed record Suggestion
{
    public required string Runbook { get; init; }

    /// <summary>For an alert of the service on itself: its subject, which is no server.</summary>
    public required string Server { get; init; }

    /// <summary>server, or system.</summary>
    public required string Kind { get; init; }

    /// <summary>Wire name of the profile; empty for the service itself.</summary>
    public required string Profile { get; init; }

    /// <summary>Metric of the contract, or the rule of an alert of the service on itself.</summary>
    public required string Metric { get; init; }

    /// <summary>warning or critical.</summary>
    public required string Level { get; init; }
    public required double RiskScore { get; init; }

    /// <summary>Minutes until the threshold is crossed; 0: it is so now.</summary>
    public required int LeadMinutes { get; init; }

    /// <summary>measured, p10, p50 or p90: what crosses it.</summary>
    public required string Quantile { get; init; }

    /// <summary>The reasons in words, worst first.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The worst open alert on the same server and metric.</summary>
    public string? AlertId { get; init; }
    public string? AlertState { get; init; }
    public string? AcknowledgedBy { get; init; }

    /// <summary>The last decision on this runbook for this server within a day.</summary>
    public ApprovalInfo? Decision { get; init; }
}

/// <summary>What to do against a metric that is, or will be, too high.</summary>
public sealed record Runbook
{
    public required string Id { get; init; }
    public required string Title { get; init; }

    /// <summary>What is going on, in a sentence or two.</summary>
    public required string About { get; init; }

    /// <summary>Keys of the metrics that it is for, as the thresholds have them: cpu_used, mem_used_pct.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Profiles that it is for; empty: all.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>Rules of the service's alerts on itself that it is for.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>now, ahead or any: whether the threshold is crossed already, or forecast to be.</summary>
    public string When { get; init; } = "any";
    public required IReadOnlyList<RunbookStep> Steps { get; init; }
}

/// <summary>A step, done by a person.</summary>
/// <param name="Look">What to look at first.</param>
/// <param name="Do">What to do.</param>
/// <param name="Risk">What that risks.</param>
/// <param name="Back">How to go back.</param>
public sealed record RunbookStep(string Look, string Do, string Risk, string Back);

/// <summary>Body of POST /remediation/approvals.</summary>
public sealed record ApprovalRequest
{
    public string? Server { get; init; }
    public string? Runbook { get; init; }

    /// <summary>approved or declined.</summary>
    public string? Decision { get; init; }

    /// <summary>Who; the id of the API key when left out.</summary>
    public string? By { get; init; }
    public string? Remark { get; init; }
}

/// <summary>A decision on a suggestion, as it is kept.</summary>
public sealed record ApprovalInfo
{
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string By { get; init; }

    /// <summary>approved or declined.</summary>
    public required string Decision { get; init; }
    public required string Server { get; init; }
    public required string Profile { get; init; }
    public required string Runbook { get; init; }

    /// <summary>Title of the runbook then.</summary>
    public required string Title { get; init; }
    public string Remark { get; init; } = "";

    /// <summary>What the service said then; null where it did not suggest this any more.</summary>
    public string? Metric { get; init; }
    public string? Level { get; init; }
    public int? LeadMinutes { get; init; }
    public string? Reason { get; init; }
}

/// <summary>Answer of GET /remediation/approvals: newest first.</summary>
/// <param name="Approvals">All that are kept.</param>
/// <param name="Kept">How many can be.</param>
/// <param name="Dropped">Older ones that had to go for newer ones.</param>
public sealed record ApprovalsResponse(IReadOnlyList<ApprovalInfo> Approvals, int Kept, long Dropped);
