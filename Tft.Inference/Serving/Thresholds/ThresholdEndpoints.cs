using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Risk;

namespace Tft.Inference.Serving.Thresholds;

/// <summary>GET /thresholds: where each metric becomes a risk, as this service has it.</summary>
internal static class ThresholdEndpoints
{
    public static void MapThresholds(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/thresholds", static (ThresholdTable table) => Results.Json(Of(table), ContractJson.Default.ThresholdsResponse)).WithName("thresholds")
            .WithSummary("Watch, warning and critical of each metric, and of the profiles that have others.").Produces<ThresholdsResponse>();

    private static ThresholdsResponse Of(ThresholdTable table) => new([.. RiskMetrics.All.Select(metric =>
    {
        // no setting names a profile that is not known: it has what holds in general
        var general = table.Configured(ServerProfile.Unknown, metric.Id);
        return new RiskThresholds(
            metric.Key,
            MetricCatalog.Get(metric.Wire).Name,
            metric.Base switch { ThresholdBase.Profile => "profile", ThresholdBase.OwnMedian => "own_median", _ => null },
            Values(general),
            Enum.GetValues<ServerProfile>().Where(p => table.Configured(p, metric.Id) != general).ToDictionary(p => p.Name(), p => Values(table.Configured(p, metric.Id))));
    })]);

    private static ThresholdValues Values(Risk.Thresholds thresholds) => new(thresholds.Watch, thresholds.Warning, thresholds.Critical, thresholds.Max);
}
