using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Asks a running resource's health checks and publishes what they say for all its instances.</summary>
internal sealed class HealthMonitor(HealthCheckService checks, ResourceNotificationService notifications)
{
    public static readonly TimeSpan IntervalUntilHealthy = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan IntervalWhileHealthy = TimeSpan.FromSeconds(2);

    /// <summary>Reports that say nothing yet: what has checks is unhealthy until the first answer.</summary>
    public static ImmutableArray<HealthReportSnapshot> Unknown(IResource resource) =>
        [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, null, null, null))];

    public async Task WatchAsync(IResource resource, IReadOnlyList<string> instanceIds, CancellationToken stopping)
    {
        HashSet<string> keys = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key)];
        if (keys.Count == 0)
            return;
        while (!stopping.IsCancellationRequested)
        {
            HealthReport report;
            try
            {
                report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            ImmutableArray<HealthReportSnapshot> reports =
            [
                .. report.Entries.Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.Message)),
                .. keys.Where(key => !report.Entries.ContainsKey(key)).Select(key =>
                    new HealthReportSnapshot(key, HealthStatus.Unhealthy, $"The health check '{key}' is not registered.", null)),
            ];
            foreach (var id in instanceIds)
            {
                await notifications.PublishUpdateAsync(resource, id, before =>
                    before.HealthReports.SequenceEqual(reports) ? before : before with { HealthReports = reports });
            }

            var healthy = reports.All(entry => entry.Status == HealthStatus.Healthy);
            await Task.Delay(healthy ? IntervalWhileHealthy : IntervalUntilHealthy, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
