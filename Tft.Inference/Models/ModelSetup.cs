using Microsoft.Extensions.DependencyInjection.Extensions;
using Tft.Forecasting.Engines;
using Tft.Inference.Forecasts;
using Tft.Inference.State;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Models;

/// <summary>The model in service, its hot reload, and the forecaster that runs it.</summary>
internal static class ModelSetup
{
    public static void AddModels(this IServiceCollection services)
    {
        services.AddSingleton(static provider => ModelOptions.Read(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<DeviceEngine>().Profile));
        services.AddSingleton(static provider => ServingEngine.Choose(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<ILogger<ModelStore>>()));
        services.AddSingleton(static provider => provider.GetRequiredService<DeviceEngine>().Engine);
        services.AddSingleton(static provider => new ModelChoiceFile(
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()), provider.GetRequiredService<ILogger<ModelStore>>()));
        services.AddSingleton<ModelStore>();
        services.AddSingleton<ModelList>();
        services.AddSingleton<ForecastThreads>();
        services.AddStates();
        services.TryAddSingleton<IForecaster, TftForecaster>();
        services.AddHostedService<ModelWatch>();
    }
}
