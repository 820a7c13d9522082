using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Tft.ServiceDefaults.Keys;

namespace Tft.Dashboard.Hosting;

/// <summary>
/// On this machine the dashboard is open; from anywhere else it demands the API key as the password of HTTP basic
/// authentication, under any user name. A request is of this machine when it came over loopback AND asked for a loopback
/// name: a page of a foreign site that resolves to 127.0.0.1, and a proxy in front of us, are not.
/// </summary>
internal static class SignIn
{
    private const string Challenge = "Basic realm=\"Tft\", charset=\"UTF-8\"";

    public static void UseSignIn(this WebApplication app) => app.Use((context, next) =>
    {
        if (IsLocal(context) || IsProbe(context.Request.Path) || HasKey(context.Request.Headers.Authorization, context.RequestServices.GetRequiredService<ApiKeyLocator>()))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = Challenge;
        return Task.CompletedTask;
    });

    /// <summary>No address at all is the in-memory server of a test.</summary>
    internal static bool IsLocal(HttpContext context) =>
        (context.Connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address))
        && (context.Connection.RemoteIpAddress is not { } remote || IPAddress.IsLoopback(remote))
        && IsLoopbackName(context.Request.Host.Host);

    internal static bool HasKey(string? authorization, ApiKeyLocator keys)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is null)
        {
            return false;
        }

        var pair = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, pair, out var length))
        {
            return false;
        }

        var password = Encoding.UTF8.GetString(pair.AsSpan(0, length)).Split(':', 2) is [_, var given] ? given : "";
        return keys.Find() is { } key && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(key.Value));
    }

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsProbe(PathString path) => path == "/health" || path == "/alive";
}
