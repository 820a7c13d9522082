using System.Security.Authentication;

namespace Tft.Adapters.Sources.Http;

/// <summary>What a person can do about a store that can't be read over HTTP: the end of the line that says so.</summary>
internal static class StoreAdvice
{
    /// <summary>Why there was no answer, in the words of the innermost reason that tells something, and what to do.</summary>
    public static string OfNoAnswer(Exception? e)
    {
        var (reason, tls) = (e?.Message ?? "nothing is known", default(AuthenticationException));
        for (var inner = e; inner is not null && tls is null; inner = inner.InnerException)
            tls = inner as AuthenticationException;
        if (tls is null)
            return $"{reason.TrimEnd('.')}; is the store started, and url right?";
        return tls.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            ? $"{tls.Message.TrimEnd('.')}; name the file of its authority with ca_file, and the host as the certificate does"
            : $"{tls.Message.TrimEnd('.')}; if the store speaks no TLS, url begins with http://";
    }

    /// <returns>Empty where the store's own words say more.</returns>
    public static string OfStatus(int? status) => status switch
    {
        401 => "; check username and password, or the key or token",
        403 => "; whoever signs in here has no right to read that",
        404 => "; check url and its path, the kind and version of the store, and the name of what is read",
        >= 300 and < 400 => "; redirects are not followed: name the address that they lead to",
        _ => "",
    };
}
