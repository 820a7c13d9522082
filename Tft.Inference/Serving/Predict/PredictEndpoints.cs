using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Http;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.Predict;

/// <summary>GET /predict, /predict/{server}, /predictions/current: the snapshot, never a forecast made for the asking.</summary>
internal static class PredictEndpoints
{
    public static void MapPredict(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/predict", Predict).WithName("predict")
            .WithSummary("Forecasts of a page of servers: the values at 30 min, 1 h and 8 h, risk and reasons.")
            .Produces<PredictResponse>().ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/predict/{server}", PredictServer).WithName("predictServer")
            .WithSummary("One server: all 96 steps, all quantiles.")
            .Produces<ServerForecast>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/predictions/current", PredictionsCurrent).WithName("predictionsCurrent")
            .WithSummary("The whole fleet in the shape of version 1.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> Predict(HttpContext context, SnapshotStore snapshots, IFleetWindows windows, SnapshotAnswer answer)
    {
        if (!PredictQuery.TryParse(context.Request.Query, out var query, out var problem))
            return new ProblemResult(problem!);
        if (query.After is { } after && !windows.TryFind(after, out _))
            return new ProblemResult(BadParameter.Of("after", $"'{after}' is no server"));
        var snapshot = snapshots.Current;
        await answer.WriteAsync(
            context, snapshot, $"/predict{context.Request.QueryString}", () => PredictPage.Write(snapshot, query, windows));
        return Results.Empty;
    }

    private static async Task<IResult> PredictServer(
        string server, HttpContext context, SnapshotStore snapshots, ServerRoute route, SnapshotAnswer answer, ServerForecastJson json)
    {
        var snapshot = snapshots.Current;
        if (!route.TryFind(server, snapshot, out var found, out var problem))
            return problem;
        await answer.WriteAsync(context, snapshot, $"/predict/{found.Name}", () => json.Write(snapshot, found));
        return Results.Empty;
    }

    private static async Task<IResult> PredictionsCurrent(HttpContext context, SnapshotStore snapshots, SnapshotAnswer answer)
    {
        var snapshot = snapshots.Current;
        if (snapshot.Totals.LongestWindow < ForecastShape.MinimumSteps)
            return new ProblemResult(Problem.InsufficientData(ForecastShape.MinimumSteps, snapshot.Totals.LongestWindow));
        if (snapshot.Totals.Servers <= CurrentPredictions.LargestCached)
            await answer.WriteAsync(context, snapshot, "/predictions/current", () => CurrentPredictions.Write(snapshot));
        else
            await CurrentPredictions.StreamAsync(snapshot, context);
        return Results.Empty;
    }
}
