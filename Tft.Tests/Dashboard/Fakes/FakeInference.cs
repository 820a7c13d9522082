using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;

namespace Tft.Tests.Dashboard.Fakes;

/// <summary>An inference service that answers from a <see cref="FakeFleet"/>, on a real port of loopback.</summary>
internal sealed class FakeInference : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, Channel<string>> _listeners = new();
    private long _snapshot = 1;
    private long _records = 1000;

    private FakeInference(WebApplication app, FakeFleet fleet) => (_app, Fleet) = (app, fleet);

    public FakeFleet Fleet { get; set; }

    /// <summary>Answers 503 to everything.</summary>
    public bool IsDown { get; set; }

    public bool HasEvents { get; init; } = true;

    public bool HasHistory { get; set; } = true;

    /// <summary>Refuses a Parquet export, as while another is written.</summary>
    public bool ExportIsBusy { get; set; }

    /// <summary>Code of a refusal of every explanation; null where servers are explained.</summary>
    public string? ExplainsNothing { get; set; }

    /// <summary>Subscriptions that are open now.</summary>
    public int Listeners => _listeners.Count;

    /// <summary>What is open; acknowledging and silencing change it.</summary>
    public List<AlertInfo> Alerts { get; } = [];

    public List<SilenceInfo> Silences { get; } = [];

    public FakeModels Models { get; } = new();

    public FakeRemediation Remediation { get; } = new();

    /// <summary>What rises together; null where the service does not know the question.</summary>
    public CascadesResponse? Cascades { get; set; } = FakeCascades.None;

    /// <summary>Requests by path since the start.</summary>
    public ConcurrentDictionary<string, int> Requests { get; } = new();

    public Uri Address { get; private set; } = null!;

    public static async Task<FakeInference> StartAsync(FakeFleet fleet, bool hasEvents = true, bool hasHistory = true, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, port));
        var fake = new FakeInference(builder.Build(), fleet) { HasEvents = hasEvents, HasHistory = hasHistory };
        fake.Map();
        await fake._app.StartAsync();
        fake.Address = new Uri(fake._app.Urls.First());
        return fake;
    }

    /// <summary>A new snapshot is there: the next answers carry its number, and whoever listens is told.</summary>
    public void Publish()
    {
        var number = Interlocked.Increment(ref _snapshot);
        Interlocked.Add(ref _records, 100);
        foreach (var listener in _listeners.Values)
        {
            listener.Writer.TryWrite($"event: snapshot\nid: {number}\ndata: {{\"snapshot\":{number}}}\n\n");
        }
    }

    /// <summary>Ends every open subscription, as a restart would.</summary>
    public void DropListeners()
    {
        foreach (var listener in _listeners.Values)
        {
            listener.Writer.TryComplete();
        }
    }

    private void Map()
    {
        _app.Use(async (context, next) =>
        {
            Requests.AddOrUpdate(context.Request.Path.Value!, 1, (_, n) => n + 1);
            if (IsDown)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            await next(context);
        });
        _app.MapGet("/status", () => Results.Json(Fleet.Status(_snapshot, _records), ContractJson.Default.StatusResponse));
        _app.MapGet("/predict", (string? after, int? limit, string? metrics) => Results.Json(Fleet.Page(_snapshot, after, limit ?? 1000, metrics?.Split(',')), ContractJson.Default.PredictResponse));
        _app.MapGet("/predict/{server}", (string server) => Fleet.Servers.TryGetValue(server, out var found)
            ? Results.Json(found.Forecast(Fleet.Origin, _snapshot), ContractJson.Default.ServerForecast)
            : Results.NotFound());
        _app.MapGet("/openapi/v1.json", () => Results.Text(FakeDocs.OpenApi, "application/json"));
        _app.MapGet("/thresholds", () => Results.Json(FakeDocs.Thresholds, ContractJson.Default.ThresholdsResponse));
        _app.MapGet("/history/export", (HttpRequest request, string format, string server) => format == "parquet" && ExportIsBusy
            ? Refused(ProblemCodes.RateLimited, StatusCodes.Status429TooManyRequests, "One Parquet export is written at a time; try again in some seconds.")
            : Results.Text(format == "parquet" ? "PAR1" : $"asked {request.QueryString} of {server}", format == "parquet" ? "application/vnd.apache.parquet" : "text/csv"));
        _app.MapGet("/history/{server}", (string server, DateTimeOffset? from, DateTimeOffset? to, string? metric, string? lead, int? step) =>
            !HasHistory || !Fleet.Servers.TryGetValue(server, out var found) ? Results.NotFound()
            : Results.Json(from is null ? found.Measured(Fleet.Origin) : found.Past(Fleet.Origin, MetricCatalog.Find(metric!)!, lead!, from.Value, to!.Value, step!.Value), ContractJson.Default.HistoryResponse));
        _app.MapGet("/explain/{server}", (string server) => !Fleet.Servers.TryGetValue(server, out var found) ? Results.NotFound()
            : found.IsFallback || ExplainsNothing is not null ? Refused(ExplainsNothing ?? ProblemCodes.NoModel, StatusCodes.Status409Conflict, $"{server} is forecast by the fallback (warming_up).")
            : Results.Json(FakeExplanation.Of(server, Fleet.Origin, _snapshot), ContractJson.Default.ExplainResponse));
        _app.MapGet("/events", StreamAsync);
        MapAlerts();
        Models.Map(_app);
        Remediation.Map(_app);
        _app.MapGet("/cascades", () => Cascades is null ? Results.NotFound() : Results.Json(Cascades, ContractJson.Default.CascadesResponse));
    }

    private void MapAlerts()
    {
        _app.MapGet("/alerts/active", () => Locked(() => Results.Json(new AlertsResponse { Alerts = [.. Alerts] }, ContractJson.Default.AlertsResponse)));
        _app.MapGet("/alerts", () => Locked(() => Results.Json(new AlertsResponse { Alerts = [.. Alerts] }, ContractJson.Default.AlertsResponse)));
        _app.MapGet("/silences", () => Locked(() => Results.Json(new SilencesResponse([.. Silences]), ContractJson.Default.SilencesResponse)));
        _app.MapPost("/alerts/{id}/ack", async (string id, HttpRequest request) =>
        {
            var ack = await request.ReadFromJsonAsync(ContractJson.Default.AckRequest);
            return Locked(() =>
            {
                var at = Alerts.FindIndex(a => a.Id == id);
                if (at < 0)
                {
                    return Results.NotFound();
                }

                Alerts[at] = Alerts[at] with { AcknowledgedBy = ack?.By };
                return Results.Json(Alerts[at], ContractJson.Default.AlertInfo);
            });
        });
        _app.MapPost("/silences", async (HttpRequest request) =>
        {
            var asked = (await request.ReadFromJsonAsync(ContractJson.Default.SilenceRequest))!;
            return Locked(() =>
            {
                var now = DateTimeOffset.UtcNow;
                var silence = new SilenceInfo { Id = $"s{Silences.Count}", Server = asked.Server, Metric = asked.Metric, Rule = asked.Rule, StartsAt = now, EndsAt = now.AddMinutes(asked.DurationMinutes!.Value), CreatedBy = asked.CreatedBy ?? "?" };
                Silences.Add(silence);
                return Results.Json(silence, ContractJson.Default.SilenceInfo, statusCode: StatusCodes.Status201Created);
            });
        });
        _app.MapDelete("/silences/{id}", (string id) => Locked(() => Silences.RemoveAll(s => s.Id == id) > 0 ? Results.NoContent() : Results.NotFound()));
    }

    private static IResult Refused(string code, int status, string why) =>
        Results.Json(Problem.Of(code, status, "Refused", why), ContractJson.Default.Problem, "application/problem+json", status);

    private IResult Locked(Func<IResult> answer)
    {
        lock (Alerts)
        {
            return answer();
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        if (!HasEvents)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var id = Guid.NewGuid();
        var channel = Channel.CreateUnbounded<string>();
        _listeners[id] = channel;
        try
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(": hello\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await foreach (var text in channel.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(text, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The listener went away.
        }
        finally
        {
            _listeners.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        DropListeners();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
