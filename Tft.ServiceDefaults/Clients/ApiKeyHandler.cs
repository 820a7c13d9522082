using System.Net;
using Tft.ServiceDefaults.Keys;

namespace Tft.ServiceDefaults.Clients;

/// <summary>Adds the API key to each request of the client that it is added to; a refused key is looked up again.</summary>
internal sealed class ApiKeyHandler(ApiKeyLocator keys) : DelegatingHandler
{
    public const string Header = "X-API-Key";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A retry sends the same message again: take the key anew, it may have been rotated meanwhile.
        request.Headers.Remove(Header);
        if (keys.Find() is { } key) request.Headers.TryAddWithoutValidation(Header, key.Value);

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) keys.Forget();
        return response;
    }
}
