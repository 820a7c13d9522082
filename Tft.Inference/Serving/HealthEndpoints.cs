using Tft.Contract.Messages;

namespace Tft.Inference.Serving;

/// <summary>GET /health and GET /alive: no key, and no judgement on what others have to repair.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health).WithName("health").WithSummary("200 while the service can do its work, degraded or not.");
        routes.MapGet("/alive", static () => Results.Text("Healthy")).WithName("alive").WithSummary("200 while the process answers.");
    }

    private static IResult Health(IHostApplicationLifetime lifetime)
    {
        var running = lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
        var answer = new HealthResponse
        {
            Status = running ? "healthy" : "unhealthy",
            Service = "tft_inference_daemon",
            Running = running,
            Checks = new Dictionary<string, string> { ["model"] = "fallback" },
        };
        return Results.Json(answer, ContractJson.Default.HealthResponse, statusCode: running ? 200 : 503);
    }
}
