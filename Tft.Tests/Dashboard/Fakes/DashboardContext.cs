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
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>Renders pages of the dashboard against a <see cref="FakeInference"/>, without a browser.</summary>
public abstract class DashboardContext : BunitContext, IAsyncLifetime
{
    internal FakeInference Service { get; private set; } = null!;

    internal FleetStore Store => Services.GetRequiredService<FleetStore>();

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
        await Store.EnsureLoadedAsync(Eventually.Timeout);
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

    internal static IReadOnlyList<ServerRow> Rows(FakeFleet fleet) =>
        [.. fleet.Page(1, null, 1000).Predictions.Select(p => ServerRow.From(p.Key, (ServerPrediction)p.Value))];
}
