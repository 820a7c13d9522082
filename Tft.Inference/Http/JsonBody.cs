using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tft.Contract.Problems;
using Tft.Inference.Security;

namespace Tft.Inference.Http;

/// <summary>Small bodies of requests by which people say something.</summary>
internal static class JsonBody
{
    /// <summary>The body, or what is wrong with it; neither where it may be left out and was.</summary>
    public static async Task<(T? Body, Problem? Problem)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, bool optional)
        where T : class
    {
        if (optional && context.Request.ContentLength is null or 0 && context.Request.Headers.TransferEncoding.Count == 0)
            return (null, null);
        try
        {
            var body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
            return body is null ? (null, Bad("it is null")) : (body, null);
        }
        catch (JsonException e)
        {
            return (null, Problem.NotJson((e.LineNumber ?? 0) + 1, e.BytePositionInLine ?? 0, "not what this endpoint reads."));
        }
    }

    public static Problem Bad(string what) =>
        Problem.Of(ProblemCodes.BadBody, StatusCodes.Status400BadRequest, "The body can't be used", char.ToUpperInvariant(what[0]) + what[1..] + ".");

    /// <summary>Who asks, by the key.</summary>
    public static string Caller(HttpContext context) => context.Features.Get<ApiKeyIdentity>()?.Id ?? "unknown";
}
