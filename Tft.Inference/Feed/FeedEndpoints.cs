using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Contract.Records;
using Tft.Inference.Http;
using Tft.Inference.Security;

namespace Tft.Inference.Feed;

/// <summary>POST /feed and POST /feed/data.</summary>
internal static class FeedEndpoints
{
    private const string SourceHeader = "X-Tft-Source";
    private const int MaxSourceLength = 64;

    public static void MapFeed(this IEndpointRouteBuilder routes)
    {
        // as handlers, not request delegates: only those are described in /openapi. No content type is demanded: many senders give none
        routes.MapPost("/feed", (Func<HttpContext, Task>)(static context => FeedAsync(context, contract1: false)))
            .WithName("feed").WithSummary("Takes an array of records; bad ones are refused one by one.")
            .Produces<FeedResponse>()
            .RequireScope(KeyScopes.Feed);
        routes.MapPost("/feed/data", (Func<HttpContext, Task>)(static context => FeedAsync(context, contract1: true)))
            .WithName("feed_data").WithSummary("Takes { records: [...] }, of contract 1 too.")
            .Produces<FeedDataResponse>()
            .RequireScope(KeyScopes.Feed);
    }

    private static async Task FeedAsync(HttpContext context, bool contract1)
    {
        var services = context.RequestServices;
        var pool = services.GetRequiredService<FeedWorkPool>();
        var limit = services.GetRequiredService<RateLimit>();
        var key = context.Features.Get<ApiKeyIdentity>()!.Id;
        var source = SourceOf(context, key);
        using var span = FeedTelemetry.Spans.StartActivity("feed.accept");
        span?.SetTag("tft.source", source);

        if (limit.Enter(key) is { } wait)
        {
            await FailAsync(context, Problem.RateLimited(wait), contract1);
            return;
        }

        var reserved = Math.Min(context.Request.ContentLength ?? RecordRules.MaxBytes, RecordRules.MaxBytes);
        if (!pool.TryReserve(reserved))
        {
            await FailAsync(context, Problem.RateLimited(1), contract1);
            return;
        }

        var work = pool.Rent();
        try
        {
            var problem = await FeedBody.ReadAsync(context.Request, work, context.RequestAborted)
                ?? await services.GetRequiredService<FeedIntake>().AcceptAsync(work, source, contract1);
            limit.Pay(key, work.Entry.Count);
            span?.SetTag("tft.records", work.Entry.Count).SetTag("tft.rejected", work.Rejected.Count);
            if (problem is not null)
            {
                await FailAsync(context, problem, contract1);
                return;
            }

            services.GetRequiredService<FeedLog>().Received(source, work.Entry.Count, context.Connection.RemoteIpAddress, work.Entry.Written.Span);
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = work.Answer.WrittenCount;
            await context.Response.Body.WriteAsync(work.Answer.WrittenMemory, context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or BadHttpRequestException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // the sender is gone; what it was told is what counts, and it was told nothing
        }
        finally
        {
            pool.Release(reserved);
            pool.Return(work);
        }
    }

    private static Task FailAsync(HttpContext context, Problem problem, bool contract1)
    {
        context.RequestServices.GetRequiredService<FeedIntake>().CountFailed();
        return ProblemResult.WriteAsync(context, contract1 ? problem.ForContract1() : problem);
    }

    /// <summary>As the sender names itself, in visible characters; else its key's id.</summary>
    private static string SourceOf(HttpContext context, string key)
    {
        var name = context.Request.Headers[SourceHeader];
        return name.Count == 1 && name[0] is { Length: > 0 and <= MaxSourceLength } text && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? text : key;
    }
}
