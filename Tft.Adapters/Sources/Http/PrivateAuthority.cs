using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tft.Adapters.Hosting;

namespace Tft.Adapters.Sources.Http;

/// <summary>Authorities of a PEM file, trusted beside those of the system. A certificate must still be in date and name the host.</summary>
internal sealed class PrivateAuthority
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <exception cref="ConfigurationException">The file can't be read.</exception>
    public PrivateAuthority(string file, string section)
    {
        try
        {
            _authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException([$"{section}:CaFile: {e.Message}"]);
        }
    }

    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server || chain is null)
            return false;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(server);
    }
}
