using Tft.Adapters.Hosting;

namespace Tft.Adapters.Sources.Http;

/// <summary>Where a store behind HTTP is; a sign-in in the URL would turn up in logs and errors.</summary>
internal static class StoreAddress
{
    /// <returns>With a slash at its end, so that a proxy's path is kept.</returns>
    /// <exception cref="ConfigurationException">It is no such URL.</exception>
    public static Uri Of(string url, string section) =>
        Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? uri : throw new ConfigurationException([$"{section}:Url must be an absolute http or https URL without a user name, such as http://db.example:9090; who signs in is set beside it"]);
}
