using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tft.Contract.Messages;
using Tft.Contract.Problems;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>Suggestions that a test sets, and the record of what is decided on them.</summary>
internal sealed class FakeRemediation
{
    private readonly Lock _gate = new();
    private readonly List<ApprovalInfo> _approvals = [];

    public List<Suggestion> Suggestions { get; } = [];

    public int WithoutRunbook { get; set; }

    /// <summary>Decisions on this server are refused.</summary>
    public string? Refuses { get; set; }

    public IReadOnlyList<ApprovalInfo> Approvals
    {
        get
        {
            lock (_gate)
            {
                return [.. _approvals];
            }
        }
    }

    public static Suggestion Suggest(string server, string runbook = "memory-ahead", string profile = "web_api", string level = "warning", int lead = 90) => new()
    {
        Runbook = runbook,
        Server = server,
        Kind = profile.Length == 0 ? AlertInfo.System : "server",
        Profile = profile,
        Metric = "mem_used_pct",
        Level = level,
        RiskScore = 50,
        LeadMinutes = lead,
        Quantile = "p50",
        Reasons = [$"memory of {server} reaches <95 %>"],
        AlertState = "firing",
    };

    public void Map(WebApplication app)
    {
        app.MapGet("/remediation", () => Results.Json(Now(), ContractJson.Default.RemediationResponse));
        app.MapGet("/remediation/approvals", () => Results.Json(new ApprovalsResponse([.. Approvals.Reverse()], 2000, 7), ContractJson.Default.ApprovalsResponse));
        app.MapPost("/remediation/approvals", async (HttpRequest request) => Keep((await request.ReadFromJsonAsync(ContractJson.Default.ApprovalRequest))!));
    }

    private RemediationResponse Now()
    {
        lock (_gate)
        {
            return new()
            {
                Timestamp = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero),
                Snapshot = 1,
                Suggestions = [.. Suggestions.Select(s => s with { Decision = _approvals.LastOrDefault(a => a.Server == s.Server && a.Runbook == s.Runbook) })],
                Total = Suggestions.Count,
                WithoutRunbook = WithoutRunbook,
                Runbooks = [.. Suggestions.Select(s => s.Runbook).Distinct().Select(id => new Runbook { Id = id, Title = $"Title of {id}", About = "About <b>it</b>.", Steps = [new("look here", "do that", "may break", "undo it"), new("look again", "do more", "none", "nothing")] })],
            };
        }
    }

    private IResult Keep(ApprovalRequest asked)
    {
        if (asked.Server == Refuses)
        {
            return Results.Json(Problem.Of(ProblemCodes.NotKept, 503, "Not kept", "The disk is <full>."), ContractJson.Default.Problem, "application/problem+json", 503);
        }

        lock (_gate)
        {
            var approval = new ApprovalInfo
            {
                Id = $"{_approvals.Count}",
                At = new(2026, 3, 2, 8, 5, 0, TimeSpan.Zero),
                By = asked.By ?? "env",
                Decision = asked.Decision!,
                Server = asked.Server!,
                Profile = "web_api",
                Runbook = asked.Runbook!,
                Title = $"Title of {asked.Runbook}",
                Remark = asked.Remark ?? "",
                Reason = "memory reaches 95 %",
            };
            _approvals.Add(approval);
            return Results.Json(approval, ContractJson.Default.ApprovalInfo, statusCode: StatusCodes.Status201Created);
        }
    }
}
