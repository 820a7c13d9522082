using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Tft.ServiceDefaults.Health;

/// <summary>
/// GET /health answers 200 while healthy or degraded (an adapter must not be restarted because a store is away) and 503 while
/// unhealthy, starting or stopping. GET /alive answers 200 as long as the process does.
/// </summary>
internal static class HealthEndpoints
{
    public const string HealthPath = "/health";
    public const string AlivePath = "/alive";

    public static void AddHealth(this IHostApplicationBuilder builder)
    {
        var name = builder.Environment.ApplicationName;
        builder.Services.AddOptions<HealthOptions>()
            .PostConfigure(options => options.Service = options.Service.Length > 0 ? options.Service : name);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [HealthOptions.LiveTag]);
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet(HealthPath, context => AnswerAsync(context, static check => !check.Tags.Contains(HealthOptions.LiveTag)))
            .AllowAnonymous().DisableHttpMetrics();
        app.MapGet(AlivePath, context => AnswerAsync(context, static check => check.Tags.Contains(HealthOptions.LiveTag)))
            .AllowAnonymous().DisableHttpMetrics();
    }

    private static async Task AnswerAsync(HttpContext context, Func<HealthCheckRegistration, bool> selection)
    {
        var services = context.RequestServices;
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(selection, context.RequestAborted);
        var answer = HealthAnswer.From(
            report,
            services.GetRequiredService<IOptions<HealthOptions>>().Value.Service,
            services.GetRequiredService<IHostApplicationLifetime>());

        context.Response.StatusCode = answer.StatusCode;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(answer.ToJson(), context.RequestAborted);
    }
}
