using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>One instance of a resource as the table shows it.</summary>
internal sealed record ResourceRow(string Name, string State, string Health, string Url, bool IsSettled)
{
    public string Status => Health.Length == 0 ? State : $"{State}, {Health}";

    /// <summary>Parameters and connection strings have no state worth a line.</summary>
    public static bool IsShown(IResource resource) => resource is ProjectResource or ExecutableResource or ContainerResource;

    public static ResourceRow Of(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var replicas = change.Resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        var state = snapshot.State?.Text ?? "";
        var ended = state == KnownResourceStates.Finished && snapshot.ExitCode is not null;
        return new ResourceRow(
            replicas > 1 ? change.ResourceId : change.Resource.Name,
            ended ? string.Create(CultureInfo.InvariantCulture, $"{state} ({snapshot.ExitCode})") : state,
            snapshot.HealthStatus?.ToString() ?? "",
            string.Join(' ', snapshot.Urls.Select(url => url.Url)),
            snapshot.HealthStatus == HealthStatus.Healthy || state == KnownResourceStates.NotStarted || KnownResourceStates.IsUnavailable(state));
    }

    public static string Table(IReadOnlyCollection<ResourceRow> rows)
    {
        var columns = new (string Title, Func<ResourceRow, string> Cell)[]
        {
            ("Resource", row => row.Name), ("State", row => row.State), ("Health", row => row.Health), ("URL", row => row.Url),
        };
        var text = new StringBuilder();
        var widths = columns.Select(column => Math.Max(column.Title.Length, rows.Select(row => column.Cell(row).Length).DefaultIfEmpty().Max())).ToArray();
        AppendLine(columns.Select(column => column.Title));
        AppendLine(widths.Select(width => new string('-', width)));
        foreach (var row in rows)
            AppendLine(columns.Select(column => column.Cell(row)));
        return text.ToString();

        void AppendLine(IEnumerable<string> cells) =>
            text.Append("  ").AppendLine(string.Join("  ", cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }
}
