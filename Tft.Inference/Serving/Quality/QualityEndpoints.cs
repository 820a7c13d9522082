using Tft.Contract.Messages;

namespace Tft.Inference.Serving.Quality;

/// <summary>GET /quality: how what is served did, over the fleet.</summary>
internal static class QualityEndpoints
{
    public static void MapQuality(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/quality", static (FleetQualityReport report) => Results.Json(report.Current, ContractJson.Default.FleetQualityResponse)).WithName("quality")
            .WithSummary("Coverage and skill of the last seven days over the fleet, by metric, lead and day; by what series are forecast.")
            .Produces<FleetQualityResponse>();
}
