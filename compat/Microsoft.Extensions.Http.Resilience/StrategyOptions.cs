using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    private bool _retryAfter;

    public HttpRetryStrategyOptions()
    {
        ShouldHandle = static args => new ValueTask<bool>(HttpClientResiliencePredicates.IsTransient(args.Outcome));
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        ShouldRetryAfterHeader = true;
    }

    /// <summary>Whether an answer's Retry-After (seconds or a date) is waited for instead of the computed delay.</summary>
    public bool ShouldRetryAfterHeader
    {
        get => _retryAfter;
        set
        {
            _retryAfter = value;
            DelayGenerator = value ? static args => new ValueTask<TimeSpan?>(RetryAfter.Of(args.Outcome.Result)) : null;
        }
    }
}

public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    public HttpCircuitBreakerStrategyOptions()
        => ShouldHandle = static args => new ValueTask<bool>(HttpClientResiliencePredicates.IsTransient(args.Outcome));
}

public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

/// <summary>How many requests may be under way.</summary>
public class HttpRateLimiterStrategyOptions
{
    public ConcurrencyLimiterOptions DefaultRateLimiterOptions { get; set; } = new() { PermitLimit = 1000, QueueLimit = 0 };
}
