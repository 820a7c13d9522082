using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>One registration's pipeline; its breaker and limiter are shared by all its clients, or per authority if so chosen.</summary>
internal sealed class StandardPipeline(HttpStandardResilienceOptions options, bool byAuthority, TimeProvider? clock)
{
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _pipelines = new(StringComparer.OrdinalIgnoreCase);

    public ResiliencePipeline<HttpResponseMessage> For(HttpRequestMessage request)
        => _pipelines.GetOrAdd(byAuthority ? request.RequestUri?.GetLeftPart(UriPartial.Authority) ?? "" : "", _ => Build());

    private ResiliencePipeline<HttpResponseMessage> Build()
        => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddStrategy(_ => new ConcurrencyStrategy(options.RateLimiter.DefaultRateLimiterOptions), options: new ConcurrencyStrategyOptions())
            .AddTimeout(options.TotalRequestTimeout)
            .AddRetry(options.Retry)
            .AddCircuitBreaker(options.CircuitBreaker)
            .AddTimeout(options.AttemptTimeout)
            .Build();

    private sealed class ConcurrencyStrategyOptions : ResilienceStrategyOptions;

    /// <summary>Refuses at once when too many requests are under way; the framework's limiter does the counting.</summary>
    private sealed class ConcurrencyStrategy(ConcurrencyLimiterOptions limits) : ResilienceStrategy<HttpResponseMessage>, IDisposable
    {
        private readonly ConcurrencyLimiter _limiter = new(limits);

        public void Dispose() => _limiter.Dispose();

        protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
        {
            using var lease = await _limiter.AcquireAsync(1, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
            return lease.IsAcquired
                ? await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext)
                : Outcome.FromException<HttpResponseMessage>(new HttpRequestException(
                    $"{limits.PermitLimit} requests are under way and {limits.QueueLimit} may wait: refused."));
        }
    }
}
