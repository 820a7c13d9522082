using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Tft.ServiceDefaults.Hosting;

/// <summary>Headers that tell a browser what a page may not do. Pages get all of them, other answers only <c>nosniff</c>.</summary>
public static class SecurityHeaders
{
    /// <summary>
    /// Everything from this origin alone. Styles may be inline: components set them as attributes. A page with inline
    /// scripts passes its own policy.
    /// </summary>
    public const string DefaultPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, string contentSecurityPolicy = DefaultPolicy)
    {
        var policy = new StringValues(contentSecurityPolicy);
        return app.Use(next => context =>
        {
            context.Response.OnStarting(() => Set(context.Response, policy));
            return next(context);
        });
    }

    private static Task Set(HttpResponse response, StringValues policy)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true) return Task.CompletedTask;

        // A page that set its own policy, with a nonce perhaps, keeps it.
        if (StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy)) headers.ContentSecurityPolicy = policy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
