using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Inference.Http;

namespace Tft.Inference.Models;

/// <summary>GET /admin/models and POST /admin/models/{version}/activate.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/models", static (ModelList list) => Results.Json(list.Make(), ContractJson.Default.ModelsResponse))
            .WithName("models").WithSummary("Model folders: which serves, which are valid, and what is wrong with the others.")
            .Produces<ModelsResponse>();
        routes.MapPost("/admin/models/{version}/activate", Activate)
            .WithName("activateModel").WithSummary("Puts a model into service; one that is refused changes nothing.")
            .Produces<ActivatedResponse>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static IResult Activate(string version, ModelList list, ModelStore store)
    {
        if (list.Find(version) is not { } folder)
            return new ProblemResult(Problem.Of(ProblemCodes.UnknownModel, StatusCodes.Status404NotFound, "No such model", $"There is no model folder '{version}'."));
        return store.TryActivate(folder, out var refused, out var kept)
            ? Results.Json(new ActivatedResponse(version, store.Current?.Info.LoadedAt, kept), ContractJson.Default.ActivatedResponse)
            : new ProblemResult(Problem.Of(ProblemCodes.BadModel, StatusCodes.Status422UnprocessableEntity, "The model is refused", $"{refused} What served before serves on."));
    }
}
