using Microsoft.AspNetCore.Components;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Settings;

namespace Tft.Dashboard.Controls;

/// <summary>A page that follows the fleet: it is drawn again when the fleet changed, at most once per <see cref="Interval"/>.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private IAsyncDisposable? _subscription;

    [Inject]
    internal FleetStore Store { get; set; } = default!;

    [Inject]
    internal UserState User { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    protected TimeProvider Clock { get; set; } = default!;

    protected virtual TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected FleetView? View => Store.Current;

    protected TimeZoneInfo Zone => User.Settings.Zone;

    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>The fleet changed: fetch what is shown; the page is drawn afterwards.</summary>
    protected virtual Task OnFleetChangedAsync() => Task.CompletedTask;

    protected override async Task OnInitializedAsync()
    {
        User.Changed += Redraw;
        await Store.EnsureFreshAsync(TimeSpan.FromSeconds(2));
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _subscription = Store.Subscribe(
                () => InvokeAsync(async () =>
                {
                    await OnFleetChangedAsync();
                    StateHasChanged();
                }),
                Interval);
        }
    }

    /// <summary>What a page holds besides.</summary>
    protected virtual ValueTask ReleaseAsync() => ValueTask.CompletedTask;

    private void Redraw() => _ = InvokeAsync(StateHasChanged);

    public async ValueTask DisposeAsync()
    {
        User.Changed -= Redraw;
        if (_subscription is not null)
        {
            await _subscription.DisposeAsync();
        }

        await ReleaseAsync();
        GC.SuppressFinalize(this);
    }
}
