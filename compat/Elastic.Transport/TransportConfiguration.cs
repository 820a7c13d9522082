using System.Collections.Specialized;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Elastic.Transport;

public interface ITransportConfiguration : IDisposable
{
    NodePool NodePool { get; }

    IRequestInvoker RequestInvoker { get; }

    AuthorizationHeader? Authentication { get; }

    /// <summary>Null: compressed, as in the package.</summary>
    bool? EnableHttpCompression { get; }

    NameValueCollection? Headers { get; }

    TimeSpan? RequestTimeout { get; }

    Func<object, X509Certificate, X509Chain, SslPolicyErrors, bool>? ServerCertificateValidationCallback { get; }

    UserAgent UserAgent { get; }
}

public record TransportConfiguration(NodePool NodePool, IRequestInvoker RequestInvoker) : ITransportConfiguration
{
    public AuthorizationHeader? Authentication { get; init; }

    /// <summary>Has no effect here: no trail is kept.</summary>
    public bool? DisableAuditTrail { get; init; }

    public bool? EnableHttpCompression { get; init; }

    public NameValueCollection? Headers { get; init; }

    public TimeSpan? RequestTimeout { get; init; }

    public Func<object, X509Certificate, X509Chain, SslPolicyErrors, bool>? ServerCertificateValidationCallback { get; init; }

    public UserAgent UserAgent { get; init; } = UserAgent.Create("elastic-transport-net");

    public void Dispose()
    {
        NodePool.Dispose();
        RequestInvoker.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class UserAgent
{
    private readonly string _text;

    private UserAgent(string text) => _text = text;

    public static UserAgent Create(string fullUserAgentString) => new(fullUserAgentString);

    public override string ToString() => _text;
}
