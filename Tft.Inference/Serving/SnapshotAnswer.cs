using System.Diagnostics;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Serving;

/// <summary>
/// Answers that depend on the snapshot alone: ETag (instance-snapshot), 304 where the client has it, compressed variants, and a link from the
/// request's span to the forecast run that it shows.
/// </summary>
internal sealed class SnapshotAnswer(SnapshotStore snapshots, AnswerCache cache)
{
    /// <summary>Weak: the same content goes out in several codings.</summary>
    public string ETagOf(FleetSnapshot snapshot) => $"W/\"{snapshots.Instance}-{snapshot.Number}\"";

    public async Task WriteAsync(HttpContext context, FleetSnapshot snapshot, string question, Func<byte[]> make)
    {
        if (snapshot.Run != default)
            Activity.Current?.AddLink(new ActivityLink(snapshot.Run));

        var etag = ETagOf(snapshot);
        var headers = context.Response.Headers;
        headers.ETag = etag;
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept-Encoding";
        if (Matches(context.Request.Headers.IfNoneMatch, etag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (body, encoding) = cache.Get(question, snapshot.Number, make).For(context.Request.Headers.AcceptEncoding);
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool Matches(Microsoft.Extensions.Primitives.StringValues header, string etag)
    {
        foreach (var value in header)
        {
            foreach (var part in (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (part == "*" || part == etag || "W/" + part == etag)
                    return true;
            }
        }

        return false;
    }
}
