using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Tft.Inference.Serving;

/// <summary>Services and routes of everything that only reads.</summary>
internal static class ServingSetup
{
    public static void AddServing(this WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails();
        builder.Services.TryAddSingleton(TimeProvider.System);
    }

    public static void MapServing(this WebApplication app) => app.MapHealth();
}
