using System.Net.Http.Headers;
using System.Text;
using Tft.Adapters.Hosting;

namespace Tft.Adapters.Sources.Http;

/// <summary>One store behind HTTP: its address, its sign-in, its errors in words that hold no secret.</summary>
internal sealed class HttpStore : IDisposable
{
    private const int MostErrorText = 300;

    private readonly HttpClient _http;

    /// <exception cref="ConfigurationException">The address or the CA file can't be used.</exception>
    public HttpStore(HttpStoreOptions options, string section, string tokenScheme = "Bearer")
    {
        _http = new HttpClient(Handler(options, section)) { BaseAddress = StoreAddress.Of(options.Url, section), Timeout = TimeSpan.FromSeconds(options.RequestTimeout) };
        if (options.Token.Length > 0)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(tokenScheme, options.Token);
        else if (options.Username.Length > 0)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{options.Password}")));
        foreach (var (name, value) in options.Headers)
            _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
    }

    /// <summary>A GET or POST whose answer is a success.</summary>
    /// <param name="what">For people: what was asked.</param>
    /// <exception cref="SourceException">No answer, or an error; with the store's own words.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            // With its content, so that the timeout bounds that as well.
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ResponseEnded || e.InnerException is IOException)
        {
            throw new SourceException($"the answer of {_http.BaseAddress!.Authority} is cut ({what}): {(e.InnerException ?? e).Message}", e);
        }
        catch (HttpRequestException e)
        {
            throw new SourceException($"{_http.BaseAddress!.Authority} does not answer ({what}): {StoreAdvice.OfNoAnswer(e)}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceException($"{_http.BaseAddress!.Authority} did not answer within {_http.Timeout.TotalSeconds:0.#} s ({what})", e);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            throw new SourceException($"{_http.BaseAddress!.Authority} answers {(int)response.StatusCode} ({what}): {(text.Length <= MostErrorText ? text : text[..MostErrorText]).Trim()}".TrimEnd(' ', ':') + StoreAdvice.OfStatus((int)response.StatusCode))
            {
                Status = (int)response.StatusCode,
            };
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(HttpStoreOptions options, string section)
    {
        // A redirect would carry the sign-in to another host.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = System.Net.DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (options.CaFile.Length > 0)
            handler.SslOptions.RemoteCertificateValidationCallback = new PrivateAuthority(options.CaFile, section).IsTrusted;
        return handler;
    }
}
