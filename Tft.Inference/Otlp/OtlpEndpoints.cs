using Microsoft.Extensions.DependencyInjection.Extensions;
using Tft.Contract.Problems;
using Tft.Contract.Records;
using Tft.Inference.Feed;
using Tft.Inference.Http;
using Tft.Inference.Otlp.Mapping;
using Tft.Inference.Security;

namespace Tft.Inference.Otlp;

/// <summary>POST /v1/metrics, as OTLP/HTTP has it.</summary>
internal static class OtlpEndpoints
{
    private const string SourceHeader = "X-Tft-Source";

    public static IServiceCollection AddOtlp(this IServiceCollection services)
    {
        services.TryAddSingleton<OtlpTelemetry>();
        services.TryAddSingleton<CounterStore>();
        services.TryAddSingleton<OtlpMapper>();
        services.TryAddSingleton<OtlpIntake>();
        return services;
    }

    public static void MapOtlp(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/metrics", (Func<HttpContext, Task>)ExportAsync)
            .WithName("otlp_metrics").WithSummary("Takes OTLP metrics of hosts, protobuf or JSON.")
            .WithMetadata(new OtlpProblemForm())
            .RequireScope(KeyScopes.Feed);

    private static async Task ExportAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var pool = services.GetRequiredService<FeedWorkPool>();
        var limit = services.GetRequiredService<RateLimit>();
        var key = context.Features.Get<ApiKeyIdentity>()!.Id;
        using var span = FeedTelemetry.Spans.StartActivity("otlp.accept");

        if (OtlpProblemForm.IsJson(context.Request) is not { } json)
        {
            await ProblemResult.WriteAsync(context, Problem.Of(ProblemCodes.BadBody, StatusCodes.Status415UnsupportedMediaType,
                "The content type is none of OTLP/HTTP", $"It must be {OtlpAnswer.Protobuf} or {OtlpAnswer.Json}."));
            return;
        }

        var reserved = Math.Min(context.Request.ContentLength ?? RecordRules.MaxBytes, RecordRules.MaxBytes);
        if ((limit.Enter(key) ?? (pool.TryReserve(reserved) ? null : 1)) is { } wait)
        {
            await ProblemResult.WriteAsync(context, Problem.RateLimited(wait));
            return;
        }

        var work = pool.Rent();
        try
        {
            var outcome = await FeedBody.ReadAsync(context.Request, work, context.RequestAborted) is { } unread
                ? new OtlpOutcome(unread.Code == ProblemCodes.NotJson ? unread with { Title = "The body can't be read" } : unread)
                : await services.GetRequiredService<OtlpIntake>().AcceptAsync(work.BodyMemory, json, SourceOf(context), context.Connection.RemoteIpAddress);
            limit.Pay(key, outcome.Records);
            span?.SetTag("tft.records", outcome.Records);
            if (outcome.Problem is { } problem)
            {
                await ProblemResult.WriteAsync(context, problem);
                return;
            }

            context.Response.ContentType = json ? OtlpAnswer.Json : OtlpAnswer.Protobuf;
            context.Response.ContentLength = outcome.Answer.Length;
            await context.Response.Body.WriteAsync(outcome.Answer, context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or BadHttpRequestException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // the sender is gone, and will send again what it was not answered for
        }
        finally
        {
            pool.Release(reserved);
            pool.Return(work);
        }
    }

    private static string? SourceOf(HttpContext context)
    {
        var name = context.Request.Headers[SourceHeader];
        return name.Count == 1 && OtlpIntake.IsName(name[0]) ? name[0] : null;
    }
}
