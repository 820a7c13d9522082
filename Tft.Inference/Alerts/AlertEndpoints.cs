using System.Globalization;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Inference.Http;
using Tft.Inference.SelfWatch;
using Tft.Inference.Serving;

namespace Tft.Inference.Alerts;

/// <summary>GET /alerts, /alerts/active, POST /alerts/{id}/ack, and the silences.</summary>
internal static class AlertEndpoints
{
    private const int PageSize = 500;
    private const int LongestText = 500;

    private static readonly TimeSpan s_longestSilence = TimeSpan.FromDays(90);

    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/alerts/active", static (AlertBook book, SystemAlertBook system) =>
                Results.Json(new AlertsResponse { Alerts = [.. system.Open(), .. book.OpenAlerts()] }, ContractJson.Default.AlertsResponse))
            .WithName("alertsActive").WithSummary("Pending and firing alerts, worst first; before them what the service says of itself.").Produces<AlertsResponse>();
        routes.MapGet("/alerts", Alerts).WithName("alerts")
            .WithSummary("Alerts that were open within a range (default: the last day), newest first.").Produces<AlertsResponse>();
        routes.MapPost("/alerts/{id}/ack", Acknowledge).WithName("acknowledgeAlert")
            .WithSummary("Says that someone looks after it.").Accepts<AckRequest>(isOptional: true, "application/json").Produces<AlertInfo>();
        routes.MapGet("/silences", static (AlertBook book) =>
                Results.Json(new SilencesResponse(book.Silences()), ContractJson.Default.SilencesResponse))
            .WithName("silences").WithSummary("Silences that have not ended.").Produces<SilencesResponse>();
        routes.MapPost("/silences", AddSilence).WithName("addSilence")
            .WithSummary("Keeps alerts from being announced for a time; a later start makes a maintenance window.")
            .Accepts<SilenceRequest>("application/json").Produces<SilenceInfo>(StatusCodes.Status201Created);
        routes.MapDelete("/silences/{id}", static (string id, AlertBook book) => book.RemoveSilence(id)
                ? Results.NoContent()
                : new ProblemResult(Problem.Of(ProblemCodes.UnknownSilence, 404, "No such silence", $"No silence has the id '{id}'.")))
            .WithName("removeSilence").WithSummary("Ends a silence.").Produces(StatusCodes.Status204NoContent);
    }

    private static IResult Alerts(HttpContext context, AlertBook book, SystemAlertBook system, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (!TryTime(context, "from", now.AddDays(-1), out var from, out var problem) || !TryTime(context, "to", now, out var to, out problem))
            return new ProblemResult(problem!);
        if (from > to)
            return new ProblemResult(BadParameter.Of("from", "it is after 'to'"));
        string? after = context.Request.Query["after"];
        var page = book.Between(from, to).Concat(system.Between(from, to)).OrderByDescending(a => a.Id, StringComparer.Ordinal)
            .Where(a => after is null || string.CompareOrdinal(a.Id, after) < 0)
            .Take(PageSize + 1).ToList();
        var more = page.Count > PageSize;
        if (more)
            page.RemoveAt(PageSize);
        return Results.Json(new AlertsResponse { Alerts = page, Next = more ? page[^1].Id : null }, ContractJson.Default.AlertsResponse);
    }

    private static async Task<IResult> Acknowledge(string id, HttpContext context, AlertBook book, SystemAlertBook system)
    {
        var (request, problem) = await JsonBody.ReadAsync(context, ContractJson.Default.AckRequest, optional: true);
        if (problem is not null)
            return new ProblemResult(problem);
        if (TooLong("by", request?.By) is { } tooLong)
            return new ProblemResult(tooLong);
        var by = request?.By ?? JsonBody.Caller(context);
        return (book.Acknowledge(id, by) ?? system.Acknowledge(id, by)) is { } alert
            ? Results.Json(alert, ContractJson.Default.AlertInfo)
            : new ProblemResult(Problem.Of(ProblemCodes.UnknownAlert, 404, "No such alert", $"No open alert has the id '{id}'."));
    }

    private static async Task<IResult> AddSilence(HttpContext context, AlertBook book, TimeProvider time)
    {
        var (request, problem) = await JsonBody.ReadAsync(context, ContractJson.Default.SilenceRequest, optional: false);
        if (problem is not null)
            return new ProblemResult(problem);
        var now = time.GetUtcNow();
        var start = request!.StartsAt ?? now;
        var end = request.EndsAt ?? (request.DurationMinutes is > 0 and <= 129_600 ? start.AddMinutes(request.DurationMinutes.Value) : (DateTimeOffset?)null);
        if (Fault(request, start, end, now) is { } fault)
            return new ProblemResult(fault);
        var silence = new SilenceInfo
        {
            Id = AlertId.New(now),
            Server = request.Server,
            Metric = request.Metric,
            Rule = request.Rule,
            StartsAt = start,
            EndsAt = end!.Value,
            CreatedBy = request.CreatedBy ?? JsonBody.Caller(context),
            Comment = request.Comment ?? "",
        };
        return book.AddSilence(silence)
            ? Results.Json(silence, ContractJson.Default.SilenceInfo, statusCode: StatusCodes.Status201Created)
            : new ProblemResult(Problem.RateLimited(retryAfterS: 60));
    }

    private static Problem? Fault(SilenceRequest request, DateTimeOffset start, DateTimeOffset? end, DateTimeOffset now)
    {
        if (end is null)
            return JsonBody.Bad("ends_at or duration_minutes (above 0, at most 90 days) is needed");
        if (end <= start || end <= now)
            return JsonBody.Bad("ends_at must be after starts_at and in the future");
        if (end - start > s_longestSilence)
            return JsonBody.Bad("a silence lasts at most 90 days");
        if (request.Metric is { } metric && MetricCatalog.Find(metric) is null)
            return JsonBody.Bad($"metric '{metric}' is not known");
        if (request.Rule is { } rule && AlertRules.Default.Find(rule) is null && !SelfWatchSetup.Rules.Contains(rule))
            return JsonBody.Bad($"rule '{rule}' is not known; rules are {string.Join(", ", AlertRules.Default.All.Select(r => r.Name).Concat(SelfWatchSetup.Rules))}");
        return TooLong("server", request.Server) ?? TooLong("comment", request.Comment) ?? TooLong("created_by", request.CreatedBy);
    }

    private static Problem? TooLong(string field, string? text) =>
        text?.Length > LongestText ? JsonBody.Bad($"{field} is longer than {LongestText} characters") : null;

    private static bool TryTime(HttpContext context, string name, DateTimeOffset missing, out DateTimeOffset time, out Problem? problem)
    {
        (time, problem) = (missing, null);
        string? text = context.Request.Query[name];
        if (text is null || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time))
            return true;
        problem = BadParameter.Of(name, $"'{text}' is not an ISO 8601 time such as 2025-10-17T12:00:00Z");
        return false;
    }
}
