using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.Risk;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts;

/// <summary>From closed buckets to published snapshots: forecaster, risk, store, loop.</summary>
internal static class ForecastSetup
{
    public static void AddForecasts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<RiskOptions>().BindConfiguration(RiskOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RiskOptions>, RiskOptionsValidator>());
        services.AddSingleton<ThresholdTable>();
        services.AddSingleton<ProbabilityCalibration>();
        services.AddSingleton<RiskEvaluator>();

        services.TryAddSingleton<NoIngest>();
        services.TryAddSingleton<IFleetWindows>(provider => provider.GetRequiredService<NoIngest>());
        services.TryAddSingleton<IIngestStatus>(provider => provider.GetRequiredService<NoIngest>());
        services.TryAddSingleton<IForecaster, FallbackForecaster>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<ForecastTelemetry>();
        services.AddSingleton<ForecastRunner>();
        services.AddHostedService<ForecastLoop>();
        services.AddHealthChecks().AddCheck<ModelHealthCheck>("model");
    }
}
