using System.Net;
using System.Text.Json.Serialization.Metadata;
using Tft.ServiceDefaults.Clients;

namespace Tft.Dashboard.Inference;

/// <summary>Requests to the inference service and their answers as messages.</summary>
/// <remarks>Throws <see cref="HttpRequestException"/> when the service cannot be reached, and <see cref="RefusedException"/> when it refuses and says why.</remarks>
internal static class ServiceRequests
{
    /// <summary>What is at an address; null where there is nothing.</summary>
    public static async Task<T?> GetAsync<T>(this IHttpClientFactory clients, string address, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var client = clients.CreateClient(InferenceClient.Name);
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await RefusedException.ThrowIfAnyAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken);
    }

    /// <summary>Asks the service to do something and gives its answer.</summary>
    public static async Task<T> SendAsync<T>(this IHttpClientFactory clients, HttpMethod method, string address, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        using var client = clients.CreateClient(InferenceClient.Name);
        using var response = await client.SendAsync(request, cancellationToken);
        await RefusedException.ThrowIfAnyAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new HttpRequestException($"The service answered {address} with nothing.");
    }

    /// <summary>Asks the service to do something to what may be gone already, which is no error.</summary>
    public static async Task SendAsync(this IHttpClientFactory clients, HttpMethod method, string address, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        using var client = clients.CreateClient(InferenceClient.Name);
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await RefusedException.ThrowIfAnyAsync(response, cancellationToken);
        }
    }
}
