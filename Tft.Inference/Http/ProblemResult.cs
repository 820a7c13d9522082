using System.Globalization;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Problems;

namespace Tft.Inference.Http;

/// <summary>Writes a <see cref="Problem"/> as application/problem+json, with Retry-After where it has one.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.RetryAfterS is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "ApiKey header=\"X-API-Key\"";

        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ContractJson.Default.Problem);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
