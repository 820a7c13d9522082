using System.Collections.Specialized;
using Elastic.Transport;
using Tft.Adapters.Hosting;
using Tft.Adapters.Sources.Http;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>
/// Elastic's low-level transport as the options say: nodes, sign-in, trust. It checks no product, so OpenSearch answers it as well. It
/// asks each node once a call and repeats nothing: that is the loop's.
/// </summary>
internal static class ElasticTransport
{
    /// <exception cref="ConfigurationException">An address or the CA file can't be used.</exception>
    public static ITransport Of(ElasticOptions options, string section)
    {
        Uri[] nodes = [.. (options.Hosts.Length > 0 ? options.Hosts : [options.Url])
            .Select(host => StoreAddress.Of(host.Contains("://", StringComparison.Ordinal) ? host : "http://" + host, section))];
        if (nodes.DistinctBy(n => n.Scheme).Count() > 1)
            throw new ConfigurationException([$"{section}:Hosts must be all http or all https"]);
        NodePool pool = nodes is [var only] ? new SingleNodePool(only) : new StickyNodePool(nodes);
        return new DistributedTransport(new TransportConfiguration(pool, new HttpRequestInvoker((handler, _) => Careful(handler)))
        {
            Authentication = SignIn(options),
            DisableAuditTrail = true,
            // Answers are compressed all the same (below); requests are short, and some proxies in front of clusters take no compressed ones.
            EnableHttpCompression = false,
            Headers = Headers(options),
            RequestTimeout = TimeSpan.FromSeconds(options.RequestTimeout),
            ServerCertificateValidationCallback = options.CaFile.Length > 0 ? new PrivateAuthority(options.CaFile, section).IsTrusted : null,
            UserAgent = UserAgent.Create("tft-adapter"),
        });
    }

    private static HttpMessageHandler Careful(HttpMessageHandler handler)
    {
        // A redirect would carry headers that sign in to another host.
        if (handler is SocketsHttpHandler sockets)
            (sockets.AllowAutoRedirect, sockets.UseCookies, sockets.AutomaticDecompression) = (false, false, System.Net.DecompressionMethods.All);
        return handler;
    }

    private static AuthorizationHeader? SignIn(ElasticOptions options) => options switch
    {
        { ApiKey.Length: > 0 } => new ApiKey(options.ApiKey),
        { Token.Length: > 0 } => new BearerToken(options.Token),
        { Username.Length: > 0 } => new BasicAuthentication(options.Username, options.Password),
        _ => null,
    };

    private static NameValueCollection Headers(ElasticOptions options)
    {
        var headers = new NameValueCollection();
        foreach (var (name, value) in options.Headers)
            headers.Add(name, value);
        return headers;
    }

    private sealed class BearerToken(string token) : AuthorizationHeader
    {
        public override string AuthScheme => "Bearer";

        public override bool TryGetAuthorizationParameters(out string value)
        {
            value = token;
            return true;
        }
    }
}
