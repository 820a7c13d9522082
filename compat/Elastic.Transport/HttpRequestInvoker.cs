using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Elastic.Transport;

public interface IRequestInvoker : IDisposable;

/// <summary>One request to one node.</summary>
public class HttpRequestInvoker : IRequestInvoker
{
    private const string Json = "application/json";

    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(5);

    private readonly Func<HttpMessageHandler, BoundConfiguration, HttpMessageHandler> _wrap;
    private readonly Lock _lock = new();
    private HttpClient? _client;

    public HttpRequestInvoker()
        : this(static (handler, _) => handler)
    {
    }

    /// <param name="wrappingHandler">May change the handler, a <see cref="SocketsHttpHandler"/>, or put another around it.</param>
    public HttpRequestInvoker(Func<HttpMessageHandler, BoundConfiguration, HttpMessageHandler> wrappingHandler) => _wrap = wrappingHandler;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal async Task<StreamResponse> RequestAsync(Node node, EndpointPath path, BoundConfiguration configuration, PostData? body, CancellationToken cancellationToken)
    {
        var uri = new Uri(node.Uri, path.PathAndQuery);
        HttpResponseMessage message;
        try
        {
            using var request = await RequestAsync(uri, path.Method, configuration, body, cancellationToken).ConfigureAwait(false);
            message = await Client(configuration).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return new StreamResponse { ApiCallDetails = new ApiCallDetails { HttpMethod = path.Method, Uri = uri, OriginalException = e } };
        }

        try
        {
            var hasBody = path.Method != HttpMethod.HEAD && message.StatusCode != HttpStatusCode.NoContent && message.Content.Headers.ContentLength != 0;
            var type = message.Content.Headers.ContentType?.ToString() ?? "";
            var details = new ApiCallDetails
            {
                HttpMethod = path.Method,
                Uri = uri,
                HttpStatusCode = (int)message.StatusCode,
                HasSuccessfulStatusCode = message.IsSuccessStatusCode,
                HasExpectedContentType = !hasBody || type.StartsWith(Json, StringComparison.OrdinalIgnoreCase),
                ResponseContentType = type,
                ResponseBodyInBytes = hasBody && !message.IsSuccessStatusCode ? await message.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : null,
            };
            var stream = hasBody && details.HasExpectedContentType ? await message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false) : Stream.Null;
            return new StreamResponse(stream, message) { ApiCallDetails = details };
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    protected virtual void Dispose(bool disposing) => _client?.Dispose();

    private static async Task<HttpRequestMessage> RequestAsync(Uri uri, HttpMethod method, BoundConfiguration configuration, PostData? body, CancellationToken cancellationToken)
    {
        var settings = configuration.ConnectionSettings;
        var request = new HttpRequestMessage(new System.Net.Http.HttpMethod(method.ToString()), uri);
        foreach (var name in settings.Headers?.AllKeys ?? [])
            request.Headers.TryAddWithoutValidation(name!, settings.Headers!.GetValues(name)!);
        request.Headers.TryAddWithoutValidation("Accept", Json);
        request.Headers.UserAgent.TryParseAdd(settings.UserAgent.ToString());
        if (request.Headers.Authorization is null && settings.Authentication is { } sign && sign.TryGetAuthorizationParameters(out var value))
            request.Headers.Authorization = new AuthenticationHeaderValue(sign.AuthScheme, value);
        if (body is not null)
        {
            request.Content = configuration.HttpCompression ? await ZipAsync(body, cancellationToken).ConfigureAwait(false) : body.ToContent();
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(Json);
        }

        return request;
    }

    private static async Task<HttpContent> ZipAsync(PostData body, CancellationToken cancellationToken)
    {
        var zipped = new MemoryStream();
        await using (var zip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
        using (var content = body.ToContent())
            await content.CopyToAsync(zip, cancellationToken).ConfigureAwait(false);
        zipped.Position = 0;
        return new StreamContent(zipped) { Headers = { ContentEncoding = { "gzip" } } };
    }

    private HttpClient Client(BoundConfiguration configuration)
    {
        lock (_lock)
            return _client ??= new HttpClient(_wrap(Handler(configuration), configuration)) { Timeout = configuration.RequestTimeout };
    }

    private static SocketsHttpHandler Handler(BoundConfiguration configuration)
    {
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = configuration.HttpCompression ? DecompressionMethods.GZip | DecompressionMethods.Deflate : DecompressionMethods.None,
            PooledConnectionLifetime = s_connectionLifetime,
        };
        if (configuration.ConnectionSettings.ServerCertificateValidationCallback is { } isTrusted)
            handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) => isTrusted(sender, certificate!, chain!, errors);
        return handler;
    }
}

/// <summary>The configuration of one call.</summary>
public sealed record BoundConfiguration
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);

    internal BoundConfiguration(ITransportConfiguration global) => ConnectionSettings = global;

    public ITransportConfiguration ConnectionSettings { get; }

    public bool HttpCompression => ConnectionSettings.EnableHttpCompression ?? true;

    public TimeSpan RequestTimeout => ConnectionSettings.RequestTimeout ?? s_timeout;
}
