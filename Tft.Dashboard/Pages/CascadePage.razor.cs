using Microsoft.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Navigation;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Pages;

/// <summary>Which servers' risk rises together, in which order, and what the configured dependencies say to it.</summary>
public sealed partial class CascadePage
{
    private static readonly string[] s_tabs = ["timeline", "table"];

    private Answer<CascadesResponse> _answer = new();

    [Inject]
    internal InferenceApi Api { get; set; } = default!;

    /// <summary>The first server of the group that is open.</summary>
    [SupplyParameterFromQuery]
    private string? Open { get; set; }

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    private string TabKey => s_tabs.Contains(Tab) ? Tab! : s_tabs[0];

    private string? Note => _answer.Value is { } answer ? $"as of {Format.Clock(answer.Timestamp, Zone)}" : null;

    /// <summary>What the address names, while it is there; else the largest.</summary>
    private CascadeGroup? Chosen => _answer.Value?.Groups is [var largest, ..] groups ? groups.FirstOrDefault(g => g.First == Open) ?? largest : null;

    protected override async Task OnParametersSetAsync()
    {
        if (_answer.Value is null)
        {
            await OnFleetChangedAsync();
        }
    }

    protected override async Task OnFleetChangedAsync() => _answer = await _answer.RenewAsync(Api.GetCascadesAsync, Clock);

    // The package reports the tab that it starts with, too.
    private void SetTab(string tab)
    {
        var key = tab["cascade-".Length..];
        if (key != TabKey && s_tabs.Contains(key))
        {
            Navigation.NavigateTo(DashboardUrls.CascadeOf(Open, key == s_tabs[0] ? null : key), replace: true);
        }
    }
}
