using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Contract.Servers;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Http;
using Tft.Inference.SelfWatch;
using Tft.Inference.Windows;

namespace Tft.Inference.Remediation;

/// <summary>GET /remediation, and the record of decisions. There is no endpoint that carries anything out.</summary>
internal static class RemediationEndpoints
{
    private const int LongestName = 100;
    private const int LongestRemark = 1_000;

    public static void MapRemediation(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/remediation", static (SuggestionReport report) => Results.Json(report.Now(), ContractJson.Default.RemediationResponse)).WithName("remediation")
            .WithSummary("What usually helps against what the service says now: runbooks by server, worst first. Nothing is carried out.").Produces<RemediationResponse>();
        routes.MapGet("/remediation/approvals", static (ApprovalBook book) => Results.Json(book.All(), ContractJson.Default.ApprovalsResponse)).WithName("approvals")
            .WithSummary("Who approved or declined which suggestion, newest first.").Produces<ApprovalsResponse>();
        routes.MapPost("/remediation/approvals", Decide).WithName("decide")
            .WithSummary("Keeps a decision on a suggestion; carries nothing out.").Accepts<ApprovalRequest>("application/json")
            .Produces<ApprovalInfo>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> Decide(
        HttpContext context, RunbookTable runbooks, SuggestionReport report, ApprovalBook book, SnapshotStore snapshots, IFleetWindows windows, TimeProvider time)
    {
        var (request, problem) = await JsonBody.ReadAsync(context, ContractJson.Default.ApprovalRequest, optional: false);
        if (problem is not null || (problem = Fault(request!)) is not null)
            return new ProblemResult(problem);
        if (runbooks.Find(request!.Runbook!) is not { } runbook)
            return new ProblemResult(Problem.Of(ProblemCodes.UnknownRunbook, StatusCodes.Status404NotFound, "No such runbook", $"No runbook has the id '{request.Runbook}'."));
        var server = windows.TryFind(request.Server!, out var number) ? snapshots.Current.Find(number) : null;
        if (server is null && !(request.Server == SystemAlertBook.Subject && runbook.Rules.Count > 0))
            return new ProblemResult(Problem.UnknownServer(request.Server!));

        var now = time.GetUtcNow();
        var suggestion = report.Find(request.Server!, runbook.Id);
        var approval = new ApprovalInfo
        {
            Id = AlertId.New(now),
            At = now,
            By = Clean(request.By) is { Length: > 0 } by ? by : JsonBody.Caller(context),
            Decision = request.Decision!,
            Server = request.Server!,
            Profile = server?.Profile.Name() ?? "",
            Runbook = runbook.Id,
            Title = runbook.Title,
            Remark = Clean(request.Remark),
            Metric = suggestion?.Metric,
            Level = suggestion?.Level,
            LeadMinutes = suggestion?.LeadMinutes,
            Reason = suggestion?.Reasons[0],
        };
        try
        {
            book.Add(approval);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ProblemResult(Problem.Of(ProblemCodes.NotKept, StatusCodes.Status503ServiceUnavailable, "The decision can't be kept", $"The record could not be written, so nothing was kept: {e.Message}"));
        }

        return Results.Json(approval, ContractJson.Default.ApprovalInfo, statusCode: StatusCodes.Status201Created);
    }

    private static Problem? Fault(ApprovalRequest request) =>
        string.IsNullOrEmpty(request.Server) ? JsonBody.Bad("server is needed")
        : string.IsNullOrEmpty(request.Runbook) ? JsonBody.Bad("runbook is needed")
        : request.Decision is not ("approved" or "declined") ? JsonBody.Bad("decision must be approved or declined")
        : request.By?.Length > LongestName ? JsonBody.Bad($"by is longer than {LongestName} characters")
        : request.Remark?.Length > LongestRemark ? JsonBody.Bad($"remark is longer than {LongestRemark} characters")
        : null;

    /// <summary>One line: what is shown in a table and a file of rows has no control characters.</summary>
    private static string Clean(string? text) => string.Concat((text ?? "").Select(c => char.IsControl(c) ? ' ' : c)).Trim();
}
