using Microsoft.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Dashboard.Docs;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Navigation;

namespace Tft.Dashboard.Pages;

/// <summary>How to read the pages, what the service offers, and its metrics: the last two as the service says.</summary>
public sealed partial class DocsPage
{
    private static readonly string[] s_tabs = ["read", "api", "metrics"];

    private Answer<ApiOperations> _api = new();
    private Answer<ThresholdsResponse> _thresholds = new();

    [Inject]
    internal InferenceApi Api { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? Tab { get; set; }

    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    private string TabKey => s_tabs.Contains(Tab) ? Tab! : s_tabs[0];

    protected override Task OnParametersSetAsync() => FetchAsync();

    /// <summary>It changes only when the service is started anew: asked again until it has answered.</summary>
    protected override Task OnFleetChangedAsync() => FetchAsync();

    private async Task FetchAsync()
    {
        if (TabKey == "api" && _api.Value is null)
        {
            _api = await _api.RenewAsync(async stop => new ApiOperations(ApiOperation.AllOf(await Api.GetOpenApiAsync(stop))), Clock);
        }
        else if (TabKey == "metrics" && _thresholds.Value is null)
        {
            _thresholds = await _thresholds.RenewAsync(Api.GetThresholdsAsync, Clock);
        }
    }

    // The package reports the tab that it starts with, too.
    private void SetTab(string tab)
    {
        var key = tab["docs-".Length..];
        if (key != TabKey && s_tabs.Contains(key))
        {
            Navigation.NavigateTo(DashboardUrls.DocsOf(key == s_tabs[0] ? null : key), replace: true);
        }
    }
}
