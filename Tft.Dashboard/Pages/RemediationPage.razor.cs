using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Tft.Contract.Messages;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Navigation;
using Tft.Dashboard.Remediation;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Pages;

/// <summary>What usually helps against what the service says now, as steps for people, and the record of what they decided. It carries nothing out.</summary>
public sealed partial class RemediationPage
{
    private static readonly string[] s_tabs = ["suggested", "record"];
    private static readonly string[] s_levels = ["", "critical", "warning"];

    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private Answer<RemediationResponse> _answer = new();
    private Answer<ApprovalsResponse> _record = new();
    private string? _shown;
    private string? _failure;
    private string _announcement = "";

    [Inject]
    internal InferenceApi Api { get; set; } = default!;

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    /// <summary>The runbook and profile that is open.</summary>
    [SupplyParameterFromQuery]
    private string? Open { get; set; }

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    [SupplyParameterFromQuery]
    private string? Level { get; set; }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(3);

    private string TabKey => s_tabs.Contains(Tab) ? Tab! : s_tabs[0];

    private string? Note => _answer.Value is { } answer ? $"{Format.Count(answer.Total)} suggested, as of {Format.Clock(answer.Timestamp, Zone)}" : null;

    private IReadOnlyList<SuggestionGroup> Groups => _answer.Value is { } answer ? SuggestionGroup.Of(answer, Q, s_levels.Contains(Level) ? Level : null) : [];

    /// <summary>What the address names, while it is suggested; else the worst.</summary>
    private SuggestionGroup? Chosen => Groups is [var worst, ..] groups ? groups.FirstOrDefault(g => g.Key == Open) ?? worst : null;

    protected override async Task OnParametersSetAsync()
    {
        await FetchAsync();
        Choose();
    }

    protected override async Task OnFleetChangedAsync()
    {
        await FetchAsync();
        Choose();
    }

    private async Task FetchAsync()
    {
        if (TabKey == "record")
        {
            _record = await _record.RenewAsync(Api.GetApprovalsAsync, Clock);
        }
        else
        {
            _answer = await _answer.RenewAsync(Api.GetRemediationAsync, Clock);
        }
    }

    /// <summary>Another group has other servers; one server needs no choosing; what is no more suggested is not chosen.</summary>
    private void Choose()
    {
        if (Chosen is not { } group)
        {
            _chosen.Clear();
        }
        else if (group.Key != _shown)
        {
            (_shown, _failure) = (group.Key, null);
            _chosen.Clear();
            if (group.For.Count == 1 && group.For[0].Decision is null)
            {
                _chosen.Add(group.For[0].Server);
            }
        }
        else
        {
            _chosen.IntersectWith(group.For.Select(s => s.Server));
        }
    }

    private void Toggle(IReadOnlyList<string> servers)
    {
        foreach (var server in servers)
        {
            if (!_chosen.Remove(server))
            {
                _chosen.Add(server);
            }
        }
    }

    private async Task<bool> DecideAsync(DecisionForm.Verdict verdict)
    {
        if (Chosen is not { } group)
        {
            return false;
        }

        if (verdict.By != User.Settings.Name)
        {
            await User.KeepAsync(User.Settings with { Name = verdict.By }, Script);
        }

        var kept = 0;
        _failure = null;
        try
        {
            foreach (var server in _chosen.Order(StringComparer.Ordinal).ToList())
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), Clock);
                await Api.DecideAsync(
                    new() { Server = server, Runbook = group.Runbook.Id, Decision = verdict.Decision, By = verdict.By.Length > 0 ? verdict.By : null, Remark = verdict.Remark }, patience.Token);
                _chosen.Remove(server);
                kept++;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException)
        {
            _failure = $"{kept} kept, {_chosen.Count} not: {e.Message}";
        }

        _announcement = $"{kept} {verdict.Decision}";
        await FetchAsync();
        StateHasChanged();
        return _failure is null;
    }

    private static string WithoutText(RemediationResponse answer) =>
        answer.WithoutRunbook == 1 ? "For one reason there is no runbook." : $"For {Format.Count(answer.WithoutRunbook)} reasons there is no runbook.";

    // The package reports the tab that it starts with, too.
    private void SetTab(string tab)
    {
        var key = tab["remedy-".Length..];
        if (key != TabKey && s_tabs.Contains(key))
        {
            Go(key, Open, Q, Level);
        }
    }

    private void Go(string tab, string? open, string? q, string? level) =>
        Navigation.NavigateTo(DashboardUrls.RemediationOf(tab == s_tabs[0] ? null : tab, open, q, level), replace: true);
}
