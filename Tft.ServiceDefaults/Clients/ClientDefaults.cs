using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;

namespace Tft.ServiceDefaults.Clients;

internal static class ClientDefaults
{
    /// <summary>
    /// Every HttpClient: the standard resilience pipeline outside, service discovery inside, so that each attempt resolves
    /// anew. A POST is sent once: whoever may repeat it says so himself.
    /// </summary>
    public static void AddClientDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(static http =>
        {
            http.AddStandardResilienceHandler(RetrySafeMethodsOnly).SelectPipelineByAuthority();
            http.AddServiceDiscovery();
        });
    }

    internal static void RetrySafeMethodsOnly(HttpStandardResilienceOptions options)
    {
#pragma warning disable EXTEXP0001 // marked experimental since it was added; the alternative is a predicate of our own
        options.Retry.DisableForUnsafeHttpMethods();
#pragma warning restore EXTEXP0001
    }

    /// <summary>Takes the defaults' pipeline off this client.</summary>
    internal static IHttpClientBuilder WithoutResilience(this IHttpClientBuilder http)
#pragma warning disable EXTEXP0001 // the only way to exempt one client from ConfigureHttpClientDefaults
        => http.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001

    /// <summary>Puts a pipeline in the place of the defaults' one: outermost, where each attempt is resolved anew.</summary>
    internal static IHttpClientBuilder WithResilience(this IHttpClientBuilder http, Action<HttpStandardResilienceOptions> configure)
    {
        http.WithoutResilience().AddStandardResilienceHandler(configure);
        return http.ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            var added = handlers[^1];
            handlers.RemoveAt(handlers.Count - 1);
            handlers.Insert(0, added);
        });
    }
}
