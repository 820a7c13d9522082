using System.IO.Pipelines;
using Tft.Inference.Forecasts;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.History;

/// <summary>Everything that the service has measured and keeps, as the rows of the export.</summary>
internal sealed class WindowHistory(SnapshotStore snapshots, IFleetWindows windows)
{
    /// <summary>Writes header and rows of all servers as CSV.</summary>
    public Task WriteCsvAsync(PipeWriter output, CancellationToken cancellation) =>
        HistoryExport.WriteAsync(output, QueryCollection.Empty, new HistoryQuery(), snapshots, windows, cancellation);
}
