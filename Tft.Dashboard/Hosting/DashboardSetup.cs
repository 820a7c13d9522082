using Microsoft.FluentUI.AspNetCore.Components;
using Tft.Dashboard.Export;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Heatmap;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Live;
using Tft.Dashboard.Settings;
using Tft.ServiceDefaults;
using Tft.ServiceDefaults.Clients;

namespace Tft.Dashboard.Hosting;

/// <summary>What the dashboard is made of.</summary>
internal static class DashboardSetup
{
    /// <summary>Without any address configured: loopback only.</summary>
    private const string DefaultUrl = "http://localhost:8501";

    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults();
        builder.AddInferenceClient();
        if (builder.Configuration[WebHostDefaults.ServerUrlsKey] is null && builder.Configuration["http_ports"] is null && builder.Configuration["https_ports"] is null)
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddFluentUIComponents();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<InferenceApi>();
        services.AddSingleton<ModelApi>();
        services.AddSingleton<EventFeed>();
        services.AddHostedService(p => p.GetRequiredService<EventFeed>());
        services.AddSingleton<FleetStore>();
        services.AddHostedService(p => p.GetRequiredService<FleetStore>());
        services.AddScoped<UserState>();
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseSignIn();
        app.UseStatusCodePagesWithReExecute("/not-found");
        app.UseAntiforgery();
        app.MapDefaultEndpoints();
        app.MapExport();
        app.MapHeatmap();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
    }
}
