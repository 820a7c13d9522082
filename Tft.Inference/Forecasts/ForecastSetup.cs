using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Models;
using Tft.Inference.Risk;
using Tft.ServiceDefaults.Hosting;

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

        services.AddModels();
        services.AddSingleton<SnapshotStore>();
        services.AddOptions<QualityOptions>().BindConfiguration(QualityOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QualityOptions>, QualityOptionsValidator>());
        services.AddSingleton<EarlierForecasts>();
        services.AddSingleton<QualityTracker>();
        services.AddSingleton<IForecastObserver>(static provider => provider.GetRequiredService<QualityTracker>());
        services.AddHostedService(static provider => new QualityFile(
            provider.GetRequiredService<QualityTracker>(),
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<QualityFile>>()));
        services.AddSingleton<ForecastLog>();
        services.AddSingleton<IForecastObserver, ForecastKeeper>();
        services.AddHostedService<ForecastLogWriter>();
        services.AddSingleton<IForecastObserver, OutcomeTracker>();
        services.AddOptions<OnlineOptions>().BindConfiguration(OnlineOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OnlineOptions>, OnlineOptionsValidator>());
        services.AddSingleton<OnlineTelemetry>();
        services.AddSingleton(static provider => new WaitingFile(
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<ILogger<WaitingFile>>()));
        services.AddSingleton<OnlineBook>();
        services.AddHostedService<WaitingKeeper>();
        services.AddHostedService(static provider => new OnlineFile(
            provider.GetRequiredService<OnlineBook>(),
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OnlineFile>>()));
        services.AddHostedService(static provider => new OutcomeFile(
            provider.GetRequiredService<ProbabilityCalibration>(),
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutcomeFile>>()));
        services.AddSingleton<ForecastTelemetry>();
        services.AddSingleton<ForecastRunner>();
        services.AddHostedService<ForecastLoop>();
        services.AddHealthChecks().AddCheck<ModelHealthCheck>("model");
    }
}
