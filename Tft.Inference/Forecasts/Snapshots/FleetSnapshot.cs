using System.Diagnostics;
using Tft.Contract.Messages;

namespace Tft.Inference.Forecasts.Snapshots;

/// <summary>The whole fleet at one moment. Immutable: a reader that holds one sees one state of everything.</summary>
internal sealed record FleetSnapshot
{
    public static FleetSnapshot Empty(ModelInfo model, DateTimeOffset time) => new() { Model = model, Time = time };

    /// <summary>Rises by one with each publication; 0 before the first.</summary>
    public long Number { get; init; }

    public required DateTimeOffset Time { get; init; }

    public SnapshotBlock[] Blocks { get; init; } = [];

    public FleetTotals Totals { get; init; }

    public required ModelInfo Model { get; init; }

    /// <summary>False until the probabilities rest on 500 outcomes.</summary>
    public bool IsCalibrated { get; init; }

    public double Prob30m { get; init; }

    public double Prob8h { get; init; }

    /// <summary>Time of the forecast run that last published.</summary>
    public TimeSpan RunDuration { get; init; }

    /// <summary>The span of the run, for readers to link to.</summary>
    public ActivityContext Run { get; init; }

    /// <summary>The server of this number, or null when it is not (or no longer) published.</summary>
    public ServerSnapshot? Find(int number)
    {
        var block = number / SnapshotBlock.Size;
        return block < Blocks.Length && number % SnapshotBlock.Size < Blocks[block].Servers.Length
            ? Blocks[block].Servers[number % SnapshotBlock.Size]
            : null;
    }

    public SnapshotBlock BlockOf(ServerSnapshot server) => Blocks[server.Number / SnapshotBlock.Size];
}
