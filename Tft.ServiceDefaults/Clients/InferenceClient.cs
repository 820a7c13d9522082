using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Tft.ServiceDefaults.Clients;

/// <summary>The HttpClients that reach the inference service, with its address and the API key.</summary>
public static class InferenceClient
{
    /// <summary>Requests that end: long timeouts, GETs retried, POSTs sent once.</summary>
    public const string Name = "inference";

    /// <summary>GET /events, which never ends: no timeouts and no retries; the reader reconnects.</summary>
    public const string EventsName = "inference-events";

    /// <summary>
    /// Registers both clients for <see cref="IHttpClientFactory"/>; the builder is that of <see cref="Name"/>, so that a typed
    /// client can be added to it.
    /// </summary>
    public static IHttpClientBuilder AddInferenceClient(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<InferenceClientOptions>, ConfigureInferenceClient>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InferenceClientOptions>, ConfigureInferenceClient>());
        services.AddOptions<InferenceClientOptions>().ValidateOnStart();
        services.TryAddTransient<ApiKeyHandler>();

        services.AddHttpClient(EventsName)
            .WithoutResilience()
            .ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ToInference();

        return services.AddHttpClient(Name).WithResilience(PatientResilience).ToInference();
    }

    private static void PatientResilience(HttpStandardResilienceOptions resilience)
    {
        var patience = new InferenceClientOptions();
        ClientDefaults.RetrySafeMethodsOnly(resilience);
        resilience.AttemptTimeout.Timeout = patience.AttemptTimeout;
        resilience.TotalRequestTimeout.Timeout = patience.TotalTimeout;
        // The breaker must look back over two attempts at least, or the options are refused.
        resilience.CircuitBreaker.SamplingDuration = 2 * patience.AttemptTimeout;
    }

    private static IHttpClientBuilder ToInference(this IHttpClientBuilder http) => http
        .ConfigureHttpClient(static (services, client) =>
            client.BaseAddress = services.GetRequiredService<IOptions<InferenceClientOptions>>().Value.Url)
        .AddHttpMessageHandler<ApiKeyHandler>()
        // A redirect would carry the key to another host.
        .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        });
}
