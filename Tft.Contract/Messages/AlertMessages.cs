namespace Tft.Contract.Messages;

/// <summary>Answer of GET /alerts/active and GET /alerts.</summary>
public sealed record AlertsResponse
{
    public required IReadOnlyList<AlertInfo> Alerts { get; init; }

    /// <summary>Cursor of the next page for <c>?after=</c>; null on the last.</summary>
    public string? Next { get; init; }
}

/// <summary>One alert: a server, a metric and a rule.</summary>
public sealed record AlertInfo
{
    /// <summary><see cref="Kind"/> of what the service says of itself.</summary>
    public const string System = "system";

    public required string Id { get; init; }

    /// <summary>server, or system: then there is no server of that name, and metric and rule are the same.</summary>
    public string Kind { get; init; } = "server";
    public required string Server { get; init; }
    public required string Metric { get; init; }

    /// <summary>measured_, imminent_ (within half an hour) or forecast_ (within the horizon), then critical or warning; or one that begins with system_.</summary>
    public required string Rule { get; init; }

    /// <summary>pending, firing or resolved.</summary>
    public required string State { get; init; }

    /// <summary>warning or critical.</summary>
    public required string Severity { get; init; }
    public required double RiskScore { get; init; }

    /// <summary>Since it fires; since it is pending while it does not.</summary>
    public required DateTimeOffset Since { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When the forecast crosses the threshold; null members where it does not, or where it is so already.</summary>
    public required ExpectedAt ExpectedAt { get; init; }
    public required double Threshold { get; init; }
    public string? AcknowledgedBy { get; init; }
    public DateTimeOffset? SilencedUntil { get; init; }

    /// <summary>True while a worse alert on the same server and metric says it already, and while the server is in maintenance.</summary>
    public bool Inhibited { get; init; }
    public required IReadOnlyList<RiskReason> Reasons { get; init; }
}

/// <summary>When the median of the forecast crosses the threshold, and when the edge of its band does that is worse; null where it does not within 8 hours.</summary>
public sealed record ExpectedAt(DateTimeOffset? P50, DateTimeOffset? P90);

/// <summary>Data of a server-sent event <c>alert</c>.</summary>
public sealed record AlertEvent(string Id, string State, string Server, string Severity);

/// <summary>Body of POST /alerts/{id}/ack; may be left out.</summary>
public sealed record AckRequest
{
    /// <summary>Who; the id of the API key when left out.</summary>
    public string? By { get; init; }
}

/// <summary>Body of POST /silences: what is not to be announced, and how long.</summary>
public sealed record SilenceRequest
{
    /// <summary>Server name, <c>*</c> stands for any characters; null for all.</summary>
    public string? Server { get; init; }
    public string? Metric { get; init; }
    public string? Rule { get; init; }

    /// <summary>Now when left out: a later start makes a maintenance window.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>This or <see cref="DurationMinutes"/>.</summary>
    public DateTimeOffset? EndsAt { get; init; }
    public double? DurationMinutes { get; init; }
    public string? Comment { get; init; }
    public string? CreatedBy { get; init; }
}

/// <summary>A silence as it is kept: alerts that it matches are not announced from its start to its end.</summary>
public sealed record SilenceInfo
{
    public required string Id { get; init; }
    public string? Server { get; init; }
    public string? Metric { get; init; }
    public string? Rule { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public required string CreatedBy { get; init; }
    public string Comment { get; init; } = "";
}

/// <summary>Answer of GET /silences.</summary>
public sealed record SilencesResponse(IReadOnlyList<SilenceInfo> Silences);
