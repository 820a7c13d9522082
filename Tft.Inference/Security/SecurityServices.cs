using Microsoft.Extensions.DependencyInjection.Extensions;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Security;

internal static class SecurityServices
{
    /// <summary>Keys of the service: <c>Tft:ApiKey</c> and the keys file of the data directory.</summary>
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new ApiKeyFile(
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new ApiKeyStore(
            provider.GetRequiredService<IConfiguration>()["Tft:ApiKey"],
            provider.GetRequiredService<ApiKeyFile>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ApiKeyStore>>()));
        return services;
    }
}
