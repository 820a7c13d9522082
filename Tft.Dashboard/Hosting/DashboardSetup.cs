using Microsoft.FluentUI.AspNetCore.Components;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Live;
using Tft.Dashboard.Settings;

namespace Tft.Dashboard.Hosting;

/// <summary>What the dashboard is made of.</summary>
internal static class DashboardSetup
{
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddFluentUIComponents();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<InferenceApi>();
        services.AddSingleton<EventFeed>();
        services.AddHostedService(p => p.GetRequiredService<EventFeed>());
        services.AddSingleton<FleetStore>();
        services.AddHostedService(p => p.GetRequiredService<FleetStore>());
        services.AddScoped<UserState>();

        var address = new Uri(builder.Configuration["Tft:InferenceUrl"] ?? "http://localhost:8000");
        services.AddHttpClient(InferenceApi.ClientName, c => c.BaseAddress = address);
        services.AddHttpClient(EventFeed.ClientName, c => (c.BaseAddress, c.Timeout) = (address, Timeout.InfiniteTimeSpan));
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseStatusCodePagesWithReExecute("/not-found");
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
    }
}
