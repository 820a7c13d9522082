using Tft.Contract.Problems;
using Tft.Inference.Forecasts;
using Tft.Inference.Http;

namespace Tft.Inference.Serving;

/// <summary>GET /explain/{server}: read out of the model. Without a model there is nothing to read, and nothing is made up.</summary>
internal static class ExplainEndpoints
{
    public static void MapExplain(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/explain/{server}", Explain).WithName("explain")
            .WithSummary("Variable weights and attention of a server's forecast.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static IResult Explain(string server, SnapshotStore snapshots, ServerRoute route) =>
        route.TryFind(server, snapshots.Current, out var found, out var problem)
            ? new ProblemResult(Problem.Of(
                ProblemCodes.NoModel, StatusCodes.Status409Conflict, "There is no model to explain",
                $"{found.Name} is forecast by the fallback ({found.Note.FallbackReason}), which has no variable weights and no attention."))
            : problem;
}
