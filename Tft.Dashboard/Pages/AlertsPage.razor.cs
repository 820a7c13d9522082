using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Navigation;

namespace Tft.Dashboard.Pages;

/// <summary>What is pending and firing, what was, and what is silenced; with acknowledging and silencing, one or many.</summary>
public sealed partial class AlertsPage
{
    /// <summary>Who acknowledges: the dashboard has no sign-in of its own.</summary>
    private const string Actor = "dashboard";

    private static readonly string[] s_severities = ["", "critical", "warning"];
    private static readonly string[] s_views = ["open", "recent", "silences"];

    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private HashSet<string>? _known;
    private IReadOnlyList<AlertInfo>? _recent;
    private IReadOnlyList<SilenceInfo>? _silences;
    private string _announcement = "";
    private string? _failure;

    [Inject]
    internal InferenceApi Api { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "view")]
    private string? ViewText { get; set; }

    [SupplyParameterFromQuery]
    private string? Severity { get; set; }

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    private string ViewKey => s_views.Contains(ViewText) ? ViewText! : s_views[0];

    private List<AlertInfo> Chosen => [.. View?.Alerts.Where(a => _chosen.Contains(a.Id)) ?? []];

    protected override Task OnParametersSetAsync() => FetchAsync();

    protected override Task OnFleetChangedAsync()
    {
        Announce();
        return FetchAsync();
    }

    private async Task FetchAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), Clock);
            if (ViewKey == "recent")
            {
                _recent = await Api.GetRecentAlertsAsync(patience.Token);
            }
            else if (ViewKey == "silences")
            {
                _silences = await Api.GetSilencesAsync(patience.Token);
            }
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or OperationCanceledException)
        {
            // What was shown stays; the frame says that the service is away.
        }
    }

    // New alerts are said once to those who do not see them appear.
    private void Announce()
    {
        var firing = View?.Alerts.Where(a => a.State == "firing").ToList() ?? [];
        if (_known is not null && firing.Where(a => !_known.Contains(a.Id)).ToList() is { Count: > 0 } fresh)
        {
            _announcement = fresh.Count == 1 ? $"New alert: {fresh[0].Server}, {fresh[0].Severity}" : $"{fresh.Count} new alerts";
        }

        _known = [.. firing.Select(a => a.Id)];
        _chosen.IntersectWith(View?.Alerts.Select(a => a.Id) ?? []);
    }

    private List<AlertInfo> Filtered(IReadOnlyList<AlertInfo> alerts) =>
    [
        .. alerts.Where(a => (string.IsNullOrEmpty(Severity) || a.Severity == Severity)
            && (string.IsNullOrEmpty(Q) || a.Server.Contains(Q, StringComparison.OrdinalIgnoreCase))),
    ];

    private void Toggle(AlertInfo alert)
    {
        if (!_chosen.Remove(alert.Id))
        {
            _chosen.Add(alert.Id);
        }
    }

    private Task AcknowledgeAsync(IReadOnlyList<AlertInfo> alerts) => DoAsync(async cancellationToken =>
    {
        foreach (var alert in alerts)
        {
            await Api.AcknowledgeAsync(alert.Id, Actor, cancellationToken);
        }
    });

    private Task SilenceAsync(IReadOnlyList<AlertInfo> alerts, int minutes) => DoAsync(async cancellationToken =>
    {
        foreach (var alert in alerts)
        {
            await Api.SilenceAsync(
                alert.Kind == AlertInfo.System
                    ? new() { Rule = alert.Rule, DurationMinutes = minutes, CreatedBy = Actor }
                    : new() { Server = alert.Server, Metric = alert.Metric, Rule = alert.Rule, DurationMinutes = minutes, CreatedBy = Actor },
                cancellationToken);
        }
    });

    private Task EndSilenceAsync(SilenceInfo silence) => DoAsync(cancellationToken => Api.EndSilenceAsync(silence.Id, cancellationToken));

    private async Task DoAsync(Func<CancellationToken, Task> action)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), Clock);
            await action(patience.Token);
            (_failure, _) = (null, _chosen.RemoveWhere(_ => true));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            _failure = e.Message;
        }

        Store.Refresh();
        await FetchAsync();
    }

    private void Go(string? view, string? severity, string? q) =>
        Navigation.NavigateTo(DashboardUrls.AlertsOf(view == s_views[0] ? null : view, severity, q), replace: true);
}
