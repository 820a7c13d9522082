using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Tft.Adapters.Loop;
using Tft.Adapters.Telemetry;

namespace Tft.Adapters.Pushing;

/// <summary>
/// How a POST is repeated: with jitter and growing pauses, or after what Retry-After says, for as long as the adapter runs. A batch
/// waits rather than being lost; meanwhile nothing more is fetched than fits between the two.
/// </summary>
internal static partial class FeedRetry
{
    /// <summary>Tries of <c>--once</c>, after which it gives up and says so.</summary>
    private const int TriesOnce = 5;

    public static ResiliencePipeline<HttpResponseMessage> Build(AdapterOptions options, AdapterTelemetry telemetry, SourceHealth health, TimeProvider clock, ILogger logger)
    {
        var longest = TimeSpan.FromSeconds(options.MaxRetryDelay);
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Once ? TriesOnce - 1 : int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(Math.Min(500, longest.TotalMilliseconds)),
                MaxDelay = longest,
                ShouldHandle = arguments => ValueTask.FromResult(
                    !arguments.Context.CancellationToken.IsCancellationRequested
                    && (arguments.Outcome.Exception is not null || IsWorthAnotherTry(arguments.Outcome.Result!.StatusCode))),
                DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome.Result, clock)),
                OnRetry = arguments =>
                {
                    var reason = arguments.Outcome.Exception is { } e ? Describe(e) : $"HTTP {(int)arguments.Outcome.Result!.StatusCode}";
                    telemetry.Retried(arguments.Outcome.Exception is null ? reason : "no answer");
                    health.PushFailed(reason);
                    Log.Retrying(logger, arguments.AttemptNumber + 1, reason, arguments.RetryDelay.TotalSeconds);
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(TimeSpan.FromSeconds(options.Timeout))
            .Build();
    }

    /// <summary>
    /// A wrong key or address is a matter of configuration, not of the data: to set the batch aside would lose it, so it waits until somebody
    /// has put it right.
    /// </summary>
    private static bool IsWorthAnotherTry(HttpStatusCode status) =>
        (int)status >= 500
        || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound;

    /// <summary>What Retry-After says, at most five minutes of it; null where it says nothing.</summary>
    private static TimeSpan? Asked(HttpResponseMessage? response, TimeProvider clock)
    {
        var header = response?.Headers.RetryAfter;
        var pause = header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);
        return pause is { } p ? TimeSpan.FromSeconds(Math.Clamp(p.TotalSeconds, 0, 300)) : null;
    }

    private static string Describe(Exception e) => e switch
    {
        TimeoutRejectedException or OperationCanceledException => "no answer in time",
        HttpRequestException http => http.HttpRequestError == HttpRequestError.Unknown ? http.Message : http.HttpRequestError.ToString(),
        _ => e.GetType().Name,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 210, Level = LogLevel.Warning, Message = "POST /feed failed (try {Attempt}: {Reason}); next try in {Seconds:0.0} s")]
        public static partial void Retrying(ILogger logger, int attempt, string reason, double seconds);
    }
}
