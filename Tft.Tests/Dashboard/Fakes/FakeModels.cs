using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>The models and trainings of a made-up service; activating and training change them.</summary>
internal sealed class FakeModels
{
    public const string Serving = "tft_model_20251017_122454";
    public const string Older = "tft_model_20251001_000000";
    public const string NotBetter = "tft_model_20251010_000000";
    public const string Damaged = "tft_model_20251005_000000";

    private static readonly DateTimeOffset s_made = new(2026, 3, 1, 6, 0, 0, TimeSpan.Zero);
    private readonly Lock _gate = new();

    /// <summary>Answers 403 to what needs the scope admin.</summary>
    public bool NeedsAdmin { get; set; }

    /// <summary>Why an activation is refused; null where it is not.</summary>
    public string? Refusal { get; set; }

    /// <summary>Why a training that is not forced has to wait; null where it need not.</summary>
    public string? TooSoon { get; set; }

    public ModelsResponse Models { get; set; } = new()
    {
        Active = Serving,
        Previous = Older,
        Choice = "latest",
        Directory = "/models",
        Models =
        [
            Valid(Serving, 0.46) with { Active = true, LoadedAt = s_made.AddDays(1) },
            Valid(NotBetter, 1.04) with { Promoted = false, Reason = "not ahead of seasonal naive (rel_ql 1.0400 over all leads); there is no active model of these metrics" },
            new() { Version = Damaged, Active = false, Reason = "The model folder '/models/x' is not valid: config.json is missing; server_mapping.json: it is null." },
            Valid(Older, 0.5) with { Evaluation = null, EvaluationBase = null, Reason = null },
        ],
    };

    public FleetQualityResponse Quality { get; set; } = new()
    {
        Timestamp = s_made.AddDays(1),
        Snapshot = 1,
        Model = new() { Type = "TFT", Version = Serving, Engine = "managed", Device = "cpu" },
        Servers = 12,
        Compared = 12,
        FallbackReasons = new Dictionary<string, int> { ["short_window"] = 2, ["fallback_better"] = 1 },
        Series = new(100, 20, 8, 30),
        Overall = new(4000, 0.79, 0.31),
        Metrics =
        [
            Metric("mem_used_pct", new(400, 0.81, 0.4), new(10, 1, 0, 1)),
            Metric("load_average", new(400, 0.75, -0.05), new(8, 2, 2, 0)),
            Metric("disk_usage_pct", new(400, 0.98, 0.6), new(9, 0, 3, 0)),
            Metric("uptime_days", new(10, 1, null), new(0, 0, 0, 12)),
        ],
        Days = [.. Enumerable.Range(0, 7).Select(d => new DayQuality(s_made.AddHours(-6).AddDays(d - 5), d < 2 ? new(0, null, null) : new(600, 0.7 + (d * 0.02), 0.2 + (d * 0.01))))],
    };

    public List<TrainingJobResponse> Jobs { get; } = [];

    /// <summary>What was asked to be trained.</summary>
    public List<TrainingRequest> Trainings { get; } = [];

    /// <summary>Changes a training as time would.</summary>
    public void Change(Func<TrainingJobResponse, TrainingJobResponse> change)
    {
        lock (_gate)
        {
            Jobs[0] = change(Jobs[0]);
        }
    }

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/quality", () => Results.Json(Quality, ContractJson.Default.FleetQualityResponse));
        var admin = app.MapGroup("/admin").AddEndpointFilter(async (context, next) =>
            NeedsAdmin ? Refused(Problem.BadScope("read", context.HttpContext.Request.Path, "admin")) : await next(context));
        admin.MapGet("/models", () => Results.Json(Models, ContractJson.Default.ModelsResponse));
        admin.MapPost("/models/{version}/activate", Activate);
        admin.MapGet("/train", () => Locked(() => Results.Json(new TrainingJobsResponse([.. Jobs]), ContractJson.Default.TrainingJobsResponse)));
        admin.MapGet("/train/{job}", (string job) => Locked(() => Jobs.Find(j => j.Job == job) is { } found ? Results.Json(found, ContractJson.Default.TrainingJobResponse) : Results.NotFound()));
        admin.MapPost("/train", async (HttpRequest request) =>
        {
            var asked = (await request.ReadFromJsonAsync(ContractJson.Default.TrainingRequest))!;
            return Locked(() =>
            {
                if (TooSoon is { } why && !asked.Force)
                {
                    return Refused(Problem.Of(ProblemCodes.TrainingTooSoon, StatusCodes.Status429TooManyRequests, "Too soon", why));
                }

                Trainings.Add(asked);
                Jobs.Insert(0, new() { Job = $"train-{Jobs.Count + 1}", State = "reading", Data = asked.Data, Started = DateTimeOffset.UtcNow });
                return Results.Json(Jobs[0], ContractJson.Default.TrainingJobResponse, statusCode: StatusCodes.Status202Accepted);
            });
        });
        admin.MapDelete("/train/{job}", (string job) => Locked(() =>
        {
            Change(j => j with { State = "cancelled", Ended = DateTimeOffset.UtcNow });
            return Results.Json(Jobs[0], ContractJson.Default.TrainingJobResponse);
        }));
    }

    private IResult Activate(string version)
    {
        if (Refusal is { } why)
        {
            return Refused(Problem.Of(ProblemCodes.BadModel, StatusCodes.Status422UnprocessableEntity, "The model is refused", why));
        }

        Models = Models with { Previous = Models.Active, Active = version, Models = [.. Models.Models.Select(m => m with { Active = m.Version == version })] };
        return Results.Json(new ActivatedResponse(version, s_made, Kept: true), ContractJson.Default.ActivatedResponse);
    }

    private static ModelEntry Valid(string version, double loss) => new()
    {
        Version = version,
        Active = false,
        Valid = true,
        Promoted = true,
        Reason = "ahead of seasonal naive",
        Created = s_made,
        Data = "history",
        Servers = 90,
        Seed = 1,
        Networks = 2,
        Hidden = 16,
        Steps = 2500,
        DurationS = 436,
        Evaluation = Scores(loss),
        EvaluationBase = Scores(0.6),
    };

    private static ModelScores Scores(double loss) => new(90, 1201, new Dictionary<string, LeadScores>
    {
        ["30min"] = new(loss / 2, loss / 2, 0.74, 1.2),
        ["8h"] = new(loss * 1.4, loss * 1.4, 0.8, 2.9),
        ["all"] = new(loss, loss, 0.798, 2.3),
    });

    private static MetricQuality Metric(string name, QualityFigures figures, SeriesCounts series) => new()
    {
        Metric = MetricCatalog.Find(name)!.Name,
        Quality = figures,
        Leads = new Dictionary<string, QualityFigures> { ["1h"] = figures, ["8h"] = figures },
        Series = series,
    };

    private IResult Locked(Func<IResult> answer)
    {
        lock (_gate)
        {
            return answer();
        }
    }

    private static IResult Refused(Problem problem) => Results.Json(problem, ContractJson.Default.Problem, "application/problem+json", problem.Status);
}
