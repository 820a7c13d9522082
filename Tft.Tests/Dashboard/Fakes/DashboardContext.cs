using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.FluentUI.AspNetCore.Components;
using Tft.Contract.Messages;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Live;
using Tft.Dashboard.Settings;
using Tft.Dashboard.Text;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>Renders pages of the dashboard against a <see cref="FakeInference"/>, without a browser.</summary>
public abstract class DashboardContext : BunitContext, IAsyncLifetime
{
    internal FakeInference Service { get; private set; } = null!;

    internal FleetStore Store => Services.GetRequiredService<FleetStore>();

    internal NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    internal virtual FakeFleet Fleet => FakeFleet.Of(12);

    public async Task InitializeAsync()
    {
        var fleet = Fleet;
        fleet.Origin = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        Service = await FakeInference.StartAsync(fleet);
        Services.AddLogging(l => l.ClearProviders());
        Services.AddHttpClient("inference", c => c.BaseAddress = Service.Address);
        Services.AddHttpClient("inference-events", c => (c.BaseAddress, c.Timeout) = (Service.Address, Timeout.InfiniteTimeSpan));
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton<InferenceApi>();
        Services.AddSingleton<ModelApi>();
        Services.AddSingleton<EventFeed>();
        Services.AddSingleton<FleetStore>();
        Services.AddScoped<UserState>();
        Services.AddFluentUIComponents();
        JSInterop.Mode = JSRuntimeMode.Loose;
        await Services.GetRequiredService<EventFeed>().StartAsync(default);
        await Store.StartAsync(default);
        await Store.EnsureFreshAsync(Eventually.Timeout);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await Store.StopAsync(default);
        await Services.GetRequiredService<EventFeed>().StopAsync(default);
        await DisposeAsync();
        await Service.DisposeAsync();
    }

    /// <summary>A page at its address, with the query parameters that the address carries.</summary>
    protected IRenderedComponent<TPage> Open<TPage>(string address)
        where TPage : IComponent
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<TPage>();
    }

    /// <summary>The same, once what the page shows was fetched.</summary>
    protected IRenderedComponent<TPage> OpenLoaded<TPage>(string address)
        where TPage : IComponent
    {
        var page = Open<TPage>(address);
        page.WaitForState(() => !page.Markup.Contains(Strings.Loading, StringComparison.Ordinal), Eventually.Timeout);
        return page;
    }

    /// <summary>Waits for an element and acts on it on the page's own thread: what the page draws anew between finding and acting has other handlers.</summary>
    protected static Task ActAsync<TPage>(IRenderedComponent<TPage> page, string selector, Action<IElement> act)
        where TPage : IComponent
    {
        page.WaitForElement(selector, Eventually.Timeout);
        return page.InvokeAsync(() => act(page.Find(selector)));
    }

    /// <inheritdoc cref="ActAsync"/>
    protected static Task ClickAsync<TPage>(IRenderedComponent<TPage> page, string selector)
        where TPage : IComponent => ActAsync(page, selector, element => element.Click());

    /// <inheritdoc cref="ActAsync"/>
    protected static Task ChangeAsync<TPage>(IRenderedComponent<TPage> page, string selector, object value)
        where TPage : IComponent => ActAsync(page, selector, element => element.Change(value));

    /// <summary>Waits until the address ends so. By itself, not by what is drawn: a page need not be drawn anew for an address that it has set.</summary>
    protected Task AddressEndsAsync(string ending) => Eventually.Passes(() =>
    {
        Assert.EndsWith(ending, Navigation.Uri, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    internal static IReadOnlyList<ServerRow> Rows(FakeFleet fleet) =>
        [.. fleet.Page(1, null, 1000).Predictions.Select(p => ServerRow.From(p.Key, (ServerPrediction)p.Value))];
}
