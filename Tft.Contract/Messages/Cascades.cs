namespace Tft.Contract.Messages;

/// <summary>Answer of GET /cascades: which servers' risk rises together, and in which order. What goes together need not be cause and effect.</summary>
public sealed record CascadesResponse
{
    /// <summary>When it was worked out.</summary>
    public required DateTimeOffset Timestamp { get; init; }
    public required long Snapshot { get; init; }

    /// <summary>Where the past ends: until then what was measured, from then on the forecast.</summary>
    public required DateTimeOffset Origin { get; init; }

    /// <summary>Begin of the first step that was looked at, 8 h before <see cref="Origin"/>; the last ends 8 h after it.</summary>
    public required DateTimeOffset From { get; init; }
    public required int StepSeconds { get; init; }

    /// <summary>Servers whose risk is at watch or worse, now or ahead.</summary>
    public required int AtRisk { get; init; }

    /// <summary>How many of them were looked at, the worst first.</summary>
    public required int Considered { get; init; }

    /// <summary>How many of those rise within the range; the others were at risk all the time.</summary>
    public required int Rising { get; init; }

    /// <summary>Risers that go together with no other.</summary>
    public required int Alone { get; init; }

    /// <summary>Dependencies that are configured: without any, nothing is said of them.</summary>
    public required int Dependencies { get; init; }

    /// <summary>Largest first; at most 20.</summary>
    public required IReadOnlyList<CascadeGroup> Groups { get; init; }

    /// <summary>How many there are.</summary>
    public required int Total { get; init; }
}

/// <summary>Servers whose risk rises together.</summary>
public sealed record CascadeGroup
{
    /// <summary>The server that rose first; of several at once the one of highest risk.</summary>
    public required string First { get; init; }

    /// <summary>When it rose, or is forecast to.</summary>
    public required DateTimeOffset Begins { get; init; }

    /// <summary>True: that lies ahead.</summary>
    public required bool IsForecast { get; init; }

    /// <summary>watch, warning or critical: the worst of all.</summary>
    public required string Level { get; init; }

    /// <summary>How many there are; <see cref="Members"/> has at most 60.</summary>
    public required int Servers { get; init; }

    /// <summary>By the order in which they rose.</summary>
    public required IReadOnlyList<CascadeMember> Members { get; init; }

    /// <summary>By profile, in the order of the first of each.</summary>
    public required IReadOnlyList<CascadeProfile> Profiles { get; init; }

    /// <summary>Configured dependencies within the group that began no later than who depends on them; most dependants first.</summary>
    public required IReadOnlyList<CascadeDependency> ExplainedBy { get; init; }

    /// <summary>Members with such a dependency.</summary>
    public required int Explained { get; init; }
}

/// <summary>A server of a group.</summary>
public sealed record CascadeMember
{
    public required string Server { get; init; }
    public required string Profile { get; init; }

    /// <summary>When its risk has come half way from its usual value to its highest, and to watch at least; begin of the bucket.</summary>
    public required DateTimeOffset Rises { get; init; }
    public required bool IsForecast { get; init; }

    /// <summary>Minutes after the first.</summary>
    public required int LagMinutes { get; init; }

    /// <summary>Metric of the contract that led when it rose.</summary>
    public required string Metric { get; init; }

    /// <summary>Highest risk in the range.</summary>
    public required double Risk { get; init; }

    /// <summary>Of its changes with those of the first, -1..1, at the shift where it is largest; null for the first itself.</summary>
    public double? Correlation { get; init; }

    /// <summary>That shift in minutes: positive where this server's course follows the first one's.</summary>
    public int? ShiftMinutes { get; init; }

    /// <summary>Buckets that the correlation is of.</summary>
    public int? Buckets { get; init; }

    /// <summary>How many of those were measured on both; the others are forecast.</summary>
    public int? MeasuredBuckets { get; init; }

    /// <summary>Members that it depends on by configuration and that rose no later.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    /// <summary>Risk of each step from <see cref="CascadesResponse.From"/> on, 0..100; null where nothing is known.</summary>
    public required IReadOnlyList<int?> Course { get; init; }
}

/// <summary>The servers of a profile in a group.</summary>
/// <param name="Profile">Wire name.</param>
/// <param name="Servers">How many.</param>
/// <param name="FirstLagMinutes">Minutes after the first of the group until its first rose.</param>
/// <param name="MedianLagMinutes">Until half of them had.</param>
/// <param name="Metric">The metric that led most often.</param>
public sealed record CascadeProfile(string Profile, int Servers, int FirstLagMinutes, int MedianLagMinutes, string Metric);

/// <summary>A member that others depend on by configuration.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Dependants">Members that depend on it, by others too, and rose no earlier.</param>
public sealed record CascadeDependency(string Server, int Dependants);
