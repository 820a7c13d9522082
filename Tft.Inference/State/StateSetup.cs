using Tft.Inference.Forecasts;

namespace Tft.Inference.State;

/// <summary>States from weeks: kept, renewed, shown.</summary>
internal static class StateSetup
{
    public static void AddStates(this IServiceCollection services)
    {
        services.AddSingleton(static provider => StateOptions.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<StateBook>();
        services.AddSingleton<StateSelection>();
        services.AddSingleton(static provider => new StateFile(provider.GetRequiredService<StateOptions>().Path, provider.GetRequiredService<ILogger<StateFile>>()));
        services.AddSingleton<StateRenewal>();
        services.AddSingleton<IForecastObserver>(static provider => provider.GetRequiredService<StateRenewal>());
        services.AddSingleton<StateTelemetry>();
        services.AddSingleton<HistoryReport>();
        services.AddHostedService<RenewalLoop>();
    }
}
