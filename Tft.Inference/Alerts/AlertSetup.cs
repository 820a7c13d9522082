using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tft.Inference.Alerts.Delivery;
using Tft.Inference.Forecasts;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Alerts;

/// <summary>Alerts: the book, what announces and delivers, what keeps them.</summary>
internal static class AlertSetup
{
    public static void AddAlerts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AlertOptions>().BindConfiguration(AlertOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AlertOptions>, AlertOptionsValidator>());
        services.AddSingleton(static provider => AlertRules.Of(provider.GetRequiredService<IOptions<AlertOptions>>().Value));
        services.AddSingleton<AlertAnnouncer>();
        services.AddSingleton(static provider =>
        {
            var book = new AlertBook(
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<AlertAnnouncer>(), provider.GetRequiredService<AlertRules>());
            provider.GetRequiredService<IMeterFactory>().Create("tft.alerts")
                .CreateObservableGauge("tft.alerts.active", () => book.Active, "{alert}", "Alerts that fire.");
            return book;
        });
        services.AddSingleton<IForecastObserver>(static provider => provider.GetRequiredService<AlertBook>());
        services.AddHostedService(static provider => new AlertFile(
            provider.GetRequiredService<AlertBook>(),
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AlertFile>>()));
        AlertPost.Configure(services.AddHttpClient(AlertPost.ClientName));
        services.AddSingleton<DeliveryMeters>();
        services.AddHostedService<AlertDelivery>();
    }
}
