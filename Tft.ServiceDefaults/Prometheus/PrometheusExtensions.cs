using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Tft.ServiceDefaults.Prometheus;

/// <summary>GET /metrics in Prometheus' text format.</summary>
public static class PrometheusExtensions
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static TBuilder AddPrometheusMetrics<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton<MetricRegistry>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<MetricRegistry>());
        return builder;
    }

    /// <summary>Written straight into the response's buffers: a large fleet's metrics are never one string.</summary>
    public static IEndpointConventionBuilder MapPrometheusMetrics(this IEndpointRouteBuilder app, string pattern = "/metrics")
        => app.MapGet(pattern, static async context =>
        {
            context.Response.ContentType = ContentType;
            context.Response.Headers.CacheControl = "no-store";
            context.RequestServices.GetRequiredService<MetricRegistry>().Write(context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }).DisableHttpMetrics();
}
