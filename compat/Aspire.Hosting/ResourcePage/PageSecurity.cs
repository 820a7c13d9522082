using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.ResourcePage;

/// <summary>A secret of one run, in every form of the page: another site cannot read it, so it cannot forge a form.</summary>
internal sealed class PageToken
{
    private readonly byte[] _value;

    public PageToken()
    {
        Text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _value = Encoding.ASCII.GetBytes(Text);
    }

    public string Text { get; }

    public bool Matches(string candidate) => CryptographicOperations.FixedTimeEquals(_value, Encoding.UTF8.GetBytes(candidate));
}

/// <summary>Answers only what is addressed to loopback, and writes only for its own pages.</summary>
internal static class PageSecurity
{
    public static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "same-origin";

        // another name for 127.0.0.1 would let a foreign site in through the visitor's browser
        if (context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
            return Refuse(context, "This page answers to localhost only.");
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !IsOwnOrigin(context.Request))
            return Refuse(context, "Only this page may send commands.");
        return next(context);
    }

    /// <summary>Browsers send Origin with every POST; a program that sends none still needs the token.</summary>
    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin.ToString() is var origin && (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}");

    private static Task Refuse(HttpContext context, string text)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(text);
    }
}
