using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tft.Contract.Messages;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.Feed;

/// <summary>The way in, for GET /status and GET /health.</summary>
internal sealed class IngestStatus(FeedIntake intake, Committer committer, FleetWindows windows, IJournal journal, TimeProvider clock) : IIngestStatus
{
    public long AcceptedRequests => intake.AcceptedRequests;

    public long FailedRequests => intake.FailedRequests;

    public JournalInfo Journal => new()
    {
        Kind = journal.Kind,
        State = committer.IsOpen && journal.IsUsable ? "ok" : "unavailable",
        Durability = journal.Durability == Durability.Disk ? "disk" : "process",
        LagRecords = committer.Waiting,
    };

    public IReadOnlyList<SourceInfo> Sources
    {
        get
        {
            var now = clock.GetUtcNow();
            List<SourceInfo> sources = [];
            foreach (var source in windows.Sources.All)
                sources.Add(source.Info(now));
            return sources;
        }
    }
}

/// <summary>Degraded while the journal is away; unhealthy, which is "starting", while it is being read.</summary>
internal sealed class JournalHealthCheck(Committer committer, IJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(committer.IsReading
            ? HealthCheckResult.Unhealthy("The journal is being read.")
            : committer.IsOpen && journal.IsUsable
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("The journal can't be written."));
}
