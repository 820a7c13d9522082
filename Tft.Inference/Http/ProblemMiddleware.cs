using System.Diagnostics;
using Tft.Contract.Problems;

namespace Tft.Inference.Http;

/// <summary>Every error answer is a problem: also of paths that nobody maps, and of what nobody expected.</summary>
internal static class ProblemMiddleware
{
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = static context => ProblemResult.WriteAsync(context, Unexpected()) });
        app.UseStatusCodePages(static status => ProblemResult.WriteAsync(status.HttpContext, OfStatus(status.HttpContext)));
    }

    /// <summary>What went wrong is for the log; the answer names the trace by which it is found there.</summary>
    private static Problem Unexpected() => Problem.Of(
        ProblemCodes.InternalError, StatusCodes.Status500InternalServerError, "The service failed",
        $"The log has the reason under the trace id {Activity.Current?.TraceId.ToString() ?? "of this request"}.");

    private static Problem OfStatus(HttpContext context)
    {
        var (status, request) = (context.Response.StatusCode, context.Request);
        return status switch
        {
            StatusCodes.Status404NotFound => Problem.Of(
                ProblemCodes.NotFound, status, "There is nothing here", $"{request.Path} is no path of this service; /openapi/v1.json lists them."),
            StatusCodes.Status405MethodNotAllowed => Problem.Of(
                ProblemCodes.MethodNotAllowed, status, "Not with this method", $"{request.Path} does not take {request.Method}; it takes {context.Response.Headers.Allow}."),
            StatusCodes.Status413PayloadTooLarge => Problem.TooLarge(),
            >= StatusCodes.Status500InternalServerError => Unexpected() with { Status = status },
            _ => Problem.Of(ProblemCodes.BadRequest, status, "The request can't be served", $"{request.Method} {request.Path} was refused with status {status}."),
        };
    }
}
