using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tft.Contract.Messages;

namespace Tft.Inference.Cascades;

/// <summary>Which servers' risk rises together.</summary>
internal static class CascadeSetup
{
    public static void AddCascades(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<CascadeOptions>().BindConfiguration(CascadeOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CascadeOptions>, CascadeOptionsValidator>());
        services.AddSingleton<DependencyMap>();
        services.AddSingleton<CascadeWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<CascadeWatch>());
    }

    public static void MapCascades(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/cascades", static (CascadeWatch watch) => Results.Bytes(watch.Json, "application/json; charset=utf-8")).WithName("cascades")
            .WithSummary("Servers whose risk rises together, in which order, with the correlations; worked out every half minute, not for the request.").Produces<CascadesResponse>();
}
