using Tft.ServiceDefaults.Prometheus;

namespace Tft.Inference.Serving.Metrics;

/// <summary>GET /metrics: what the meters measured, and forecasts, in Prometheus' text format.</summary>
internal static class MetricsEndpoints
{
    public static void AddMetricsEndpoint(this WebApplicationBuilder builder)
    {
        builder.AddPrometheusMetrics();
        builder.Services.AddSingleton<IMetricsBlock, ForecastSeries>();
        builder.Services.AddOptions<ForecastSeriesOptions>()
            .BindConfiguration(ForecastSeriesOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapPrometheusMetrics();
}
