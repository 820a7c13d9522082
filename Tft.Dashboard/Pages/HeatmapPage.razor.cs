using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Tft.Dashboard.Heatmap;
using Tft.Dashboard.Navigation;

namespace Tft.Dashboard.Pages;

/// <summary>Every server a cell; the canvas draws itself from /data/heatmap, the page only says what and when.</summary>
public sealed partial class HeatmapPage
{
    private ElementReference _element;
    private IJSObjectReference? _module;
    private (string Scale, int Lead, long Snapshot) _drawn;

    [SupplyParameterFromQuery]
    private string? By { get; set; }

    [SupplyParameterFromQuery]
    private string? At { get; set; }

    private HeatmapScale Scale => HeatmapScale.Find(By);

    /// <summary>Index of the slider's stop; without one in the address the last: the forecast is what one comes for.</summary>
    private int Lead => int.TryParse(At, out var at) && at >= 0 && at < Scale.Leads.Length ? at : Scale.Leads.Length - 1;

    private string SortKey => Scale.Key switch { "probability" => "prob8", var key => key };

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (View is not { Rows.Count: > 0 } view)
        {
            return;
        }

        try
        {
            _module ??= await Script.InvokeAsync<IJSObjectReference>("import", "/" + Assets["js/heatmap.js"]);
            var draw = (Scale.Key, Lead, view.Snapshot);
            if (draw != _drawn)
            {
                _drawn = draw;
                await _module.InvokeVoidAsync("draw", _element, $"/data/heatmap?by={Scale.Key}", Lead);
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser went away while the page was being drawn.
        }
    }

    private void Go(string? by, string? at) => Navigation.NavigateTo(DashboardUrls.HeatmapOf(by, at), replace: true);

    protected override async ValueTask ReleaseAsync()
    {
        if (_module is not null)
        {
            try
            {
                await _module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser went away: there is nothing left to free.
            }
        }
    }
}
