using System.Globalization;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Http;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.History;

/// <summary>GET /history/{server}: what was measured, on the five-minute grid, as far as window and weeks hold it, what had been forecast for it, and how well.</summary>
internal static class HistoryEndpoints
{
    /// <summary>Values of a metric or of an edge of a band: 15 days of everything, 60 of a metric or two.</summary>
    private const int MostValues = 1_000_000;

    public static void MapHistory(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/history/{server}", History).WithName("history")
            .WithSummary("What was measured by metric, of the last day or from from= on, and what had been forecast for it by lead; a step is named by its start, null where there is nothing.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult History(
        string server, HttpContext context, SnapshotStore snapshots, ServerRoute route, IFleetWindows windows, PastStore past, ForecastLog forecasts, QualityTracker quality)
    {
        if (!HistoryQuery.TryParse(context.Request.Query, out var query, out var bad))
            return new ProblemResult(bad!);
        if (!route.TryFind(server, snapshots.Current, out var found, out var problem))
            return problem;
        var steps = ServerPast.Read(found, query, windows, past, forecasts);
        return TooLong(steps, query) is { } tooLong
            ? new ProblemResult(tooLong)
            : Results.Bytes(HistoryJson.Write(found, query, steps, quality.IsFollowed(found)), "application/json; charset=utf-8");
    }

    private static Problem? TooLong(ServerPast steps, HistoryQuery query)
    {
        var metrics = MetricCatalog.All.Count(m => query.Metrics.Has(m.Id));
        var points = (steps.Last - steps.First + query.Every) / query.Every;
        var values = points * metrics * (1 + (ForecastShape.Quantiles * (query.Leads?.Count ?? PastLeads.Count)));
        return values <= MostValues ? null : BadParameter.Of("from", string.Create(
            CultureInfo.InvariantCulture, $"the answer would have {values:#,0} values, of at most {MostValues:#,0}; narrow it by from=, to=, metric= or lead=, or make step= longer"));
    }
}
