using Tft.Contract.Messages;

namespace Tft.Dashboard.Fleet;

/// <summary>The fleet as of one snapshot; never changed, replaced whole.</summary>
public sealed record FleetView
{
    public required IReadOnlyList<ServerRow> Rows { get; init; }
    public required EnvironmentInfo Environment { get; init; }
    public required WarmupInfo Warmup { get; init; }
    public required ModelInfo Model { get; init; }
    public required StatusResponse Status { get; init; }
    public required long Snapshot { get; init; }
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Pending and firing, worst first.</summary>
    public IReadOnlyList<AlertInfo> Alerts { get; init; } = [];

    /// <summary>When the dashboard fetched it.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>Records per second by source since the view before; empty in the first.</summary>
    public IReadOnlyDictionary<string, double> Rates { get; init; } = new Dictionary<string, double>();

    public IReadOnlyDictionary<Level, int> Counts { get => field ??= Rows.CountBy(r => r.Level).ToDictionary(); init; }

    public IReadOnlyList<string> Profiles { get => field ??= [.. Rows.Select(r => r.Profile).Distinct().Order(StringComparer.Ordinal)]; init; }

    /// <summary>Alerts that fire and that nobody has taken, silenced, or that a worse one stands for.</summary>
    public int Unattended => Alerts.Count(a => a is { State: "firing", AcknowledgedBy: null, SilencedUntil: null, Inhibited: false });

    public int Count(Level level) => Counts.GetValueOrDefault(level);

    public ServerRow? Find(string? name) => name is null ? null : Rows.FirstOrDefault(r => r.Name == name);
}
