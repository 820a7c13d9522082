using Tft.Contract.Messages;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.State;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.Status;

/// <summary>GET /status: how the service is.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/status", Status).WithName("status")
            .WithSummary("Requests, windows, warm-up, model, snapshot, journal and sources.")
            .Produces<StatusResponse>();

    private static IResult Status(StatusReport report) => Results.Json(report.Make(), ContractJson.Default.StatusResponse);
}

/// <summary>Collects what /status and the <c>status</c> event show.</summary>
internal sealed class StatusReport(
    SnapshotStore snapshots, IFleetWindows windows, IIngestStatus ingest, HistoryReport history, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();

    public StatusResponse Make()
    {
        var snapshot = snapshots.Current;
        return new StatusResponse
        {
            Running = !lifetime.ApplicationStopping.IsCancellationRequested,
            TickCount = ingest.AcceptedRequests,
            WindowSize = windows.ClosedSteps,
            StartedAt = _started,
            Warmup = Warmup.Of(snapshot.Totals),
            Model = snapshot.Model,
            Snapshot = new SnapshotInfo
            {
                Number = snapshot.Number,
                AgeS = Math.Round((time.GetUtcNow() - snapshot.Time).TotalSeconds, 1),
                DurationMs = Math.Round(snapshot.RunDuration.TotalMilliseconds, 1),
                Servers = snapshot.Totals.Servers,
                Fallback = snapshot.Totals.Fallback,
                FallbackBetterServers = snapshot.Totals.RejectedServers,
                FallbackBetterSeries = snapshot.Totals.RejectedSeries,
            },
            Journal = ingest.Journal,
            Sources = ingest.Sources,
            History = history.Make(),
        };
    }
}
