using System.IO.Pipelines;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.History;

/// <summary>Everything that the service has measured and keeps, weeks and windows, as the rows of the export.</summary>
internal sealed class MeasuredHistory(SnapshotStore snapshots, IFleetWindows windows, PastStore past, ForecastLog forecasts)
{
    /// <summary>Writes header and rows of all servers as CSV.</summary>
    public Task WriteCsvAsync(PipeWriter output, CancellationToken cancellation) =>
        HistoryExport.WriteAsync(output, QueryCollection.Empty, new HistoryQuery { From = 0 }, snapshots, windows, past, forecasts, cancellation);
}
