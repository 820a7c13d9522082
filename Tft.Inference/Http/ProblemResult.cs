using System.Globalization;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Problems;

namespace Tft.Inference.Http;

/// <summary>Writes a <see cref="Problem"/> as application/problem+json, or in the endpoint's own form, with Retry-After where it has one.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        if (problem.RetryAfterS is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "ApiKey header=\"X-API-Key\"";

        var (type, body) = context.GetEndpoint()?.Metadata.GetMetadata<IProblemForm>()?.Write(context, problem)
            ?? ("application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, ContractJson.Default.Problem));
        response.ContentType = type;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
