using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Inference.Feed;
using Tft.Inference.Http;
using Tft.Inference.Models;
using Tft.Inference.Security;

namespace Tft.Inference.Training;

/// <summary>POST and GET /admin/train, GET and DELETE /admin/train/{job}.</summary>
internal static class TrainingEndpoints
{
    private const int MostBytes = 16 * 1024;

    public static void AddTraining(this IServiceCollection services)
    {
        services.AddSingleton(static provider => TrainingOptions.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(static provider => TrainingLimits.Read(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IngestOptions>().Calendar));
        services.AddSingleton<TrainingJobs>();
    }

    public static void MapTraining(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/admin/train", StartAsync).WithName("train")
            .WithSummary("Trains a model in a process of its own, on what this service measured or on a folder of data; one at a time.")
            .Produces<TrainingJobResponse>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);
        routes.MapGet("/admin/train", static (TrainingJobs jobs) => Results.Json(new TrainingJobsResponse(jobs.All()), ContractJson.Default.TrainingJobsResponse)).WithName("trainingJobs")
            .WithSummary("The last trainings, newest first.").Produces<TrainingJobsResponse>();
        routes.MapGet("/admin/train/{job}", static (string job, TrainingJobs jobs) => jobs.Find(job) is { } found ? Answer(found) : Unknown(job)).WithName("trainingJob")
            .WithSummary("How far a training is, and what came of it.").Produces<TrainingJobResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapDelete("/admin/train/{job}", CancelAsync).WithName("cancelTraining")
            .WithSummary("Ends a training; one that has ended stays as it is.").Produces<TrainingJobResponse>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> StartAsync(HttpContext context, TrainingJobs jobs, ModelList models, TimeProvider time)
    {
        TrainingRequest request;
        try
        {
            request = await ReadAsync(context);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return new ProblemResult(Problem.Of(ProblemCodes.BadBody, StatusCodes.Status400BadRequest, "The body is not a training request", e.Message));
        }

        if (request.Problems().ToArray() is { Length: > 0 } problems)
            return new ProblemResult(Problem.Of(ProblemCodes.BadBody, StatusCodes.Status400BadRequest, "The training cannot be so", string.Join("; ", problems) + "."));
        if (request.From is { } from && models.Find(from) is null)
            return new ProblemResult(Problem.Of(ProblemCodes.UnknownModel, StatusCodes.Status404NotFound, "No such model", $"from: there is no model folder '{from}'."));
        if (!request.Force && jobs.Wait() is { } wait)
        {
            return new ProblemResult(Problem.Of(ProblemCodes.TrainingTooSoon, StatusCodes.Status429TooManyRequests, "Too soon for another training",
                $"Not before {wait.At.UtcDateTime:yyyy-MM-dd HH:mm}Z: {wait.Why}. With \"force\": true it begins now.") with { RetryAfterS = (int)Math.Ceiling((wait.At - time.GetUtcNow()).TotalSeconds) });
        }

        if (!jobs.TryStart(request, Key(context), out var job))
            return new ProblemResult(Problem.Of(ProblemCodes.TrainingRuns, StatusCodes.Status409Conflict, "A training is running", $"One at a time: wait for '{job.Id}', or end it with DELETE /admin/train/{job.Id}."));
        context.Response.Headers.Location = $"/admin/train/{job.Id}";
        return Answer(job, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> CancelAsync(string job, HttpContext context, TrainingJobs jobs)
    {
        if (jobs.Find(job) is not { } found)
            return Unknown(job);
        await jobs.CancelAsync(found, Key(context));
        return Answer(found);
    }

    /// <summary>The request; the standard one where there is no body.</summary>
    private static async Task<TrainingRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
        {
            if (body.Length + read > MostBytes)
                throw new InvalidDataException($"It has more than {MostBytes} bytes.");
            body.Write(buffer, 0, read);
        }

        return body.Length == 0 ? new TrainingRequest()
            : JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), ContractJson.Default.TrainingRequest) ?? throw new InvalidDataException("It is null.");
    }

    private static string Key(HttpContext context) => context.Features.Get<ApiKeyIdentity>()?.Id ?? "?";

    private static IResult Answer(TrainingJob job, int status = StatusCodes.Status200OK) => Results.Json(job.State, ContractJson.Default.TrainingJobResponse, statusCode: status);

    private static ProblemResult Unknown(string job) =>
        new(Problem.Of(ProblemCodes.UnknownJob, StatusCodes.Status404NotFound, "No such training", $"There is no training '{job}' among the last ones."));
}
