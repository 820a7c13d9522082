using Tft.Contract.Messages;
using Tft.Inference.Alerts;
using Tft.Inference.Cascades;
using Tft.Inference.Http;
using Tft.Inference.Models;
using Tft.Inference.Remediation;
using Tft.Inference.Security;
using Tft.Inference.Serving.Events;
using Tft.Inference.Serving.History;
using Tft.Inference.Serving.Metrics;
using Tft.Inference.Serving.Predict;
using Tft.Inference.Serving.Quality;
using Tft.Inference.Serving.Status;
using Tft.Inference.Serving.Thresholds;
using Tft.Inference.Training;
using Tft.ServiceDefaults.Health;

namespace Tft.Inference.Serving;

/// <summary>Services and routes of everything that only reads.</summary>
internal static class ServingSetup
{
    public static void AddServing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.Configure<HealthOptions>(static options => options.Service = "tft_inference_daemon");
        services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default));
        services.AddOpenApi(static options => options.AddScopes());
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<SnapshotAnswer>();
        services.AddSingleton<ServerRoute>();
        services.AddSingleton<ServerForecastJson>();
        services.AddSingleton<StatusReport>();
        services.AddSingleton<FleetQualityReport>();
        services.AddSingleton<ParquetExport>();
        services.AddSingleton<MeasuredHistory>();
        services.AddTraining();
        services.AddSingleton<EventHub>();
        services.AddHostedService<SnapshotEvents>();
        builder.AddMetricsEndpoint();
    }

    public static void MapServing(this WebApplication app)
    {
        var read = app.MapGroup("").RequireScope(KeyScopes.Read);
        read.MapPredict();
        read.MapStatus();
        read.MapQuality();
        read.MapThresholds();
        read.MapHistory();
        read.MapHistoryExport();
        read.MapExplain();
        read.MapAlerts();
        read.MapRemediation();
        read.MapCascades();
        read.MapEvents();
        read.MapMetrics();
        var admin = app.MapGroup("").RequireScope(KeyScopes.Admin);
        admin.MapModels();
        admin.MapTraining();
        read.MapOpenApi("/openapi/{documentName}.json");
    }
}
