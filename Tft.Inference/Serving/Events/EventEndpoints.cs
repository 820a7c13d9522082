using System.Text.Json;
using System.Threading.Channels;
using Tft.Contract.Messages;
using Tft.Contract.Problems;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Http;

namespace Tft.Inference.Serving.Events;

/// <summary>GET /events: server-sent events <c>snapshot</c>, <c>alert</c>, <c>status</c>; a comment every 15 s.</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", Events).WithName("events").WithSummary("Server-sent events: snapshot, alert, status.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");

    private static async Task<IResult> Events(
        HttpContext context, EventHub hub, SnapshotStore snapshots, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (hub.Subscribe() is not { } client)
            return new ProblemResult(Problem.RateLimited(retryAfterS: 30));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-cache, no-store";
            // nginx would hold events back until its buffer is full
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await context.Response.Body.WriteAsync(FirstEvent(snapshots.Current), stop.Token);
            await context.Response.Body.FlushAsync(stop.Token);
            await PumpAsync(client.Reader, context.Response.Body, time, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client went away or the service stops: the usual end of a stream.
        }
        finally
        {
            hub.Unsubscribe(client);
        }

        return Results.Empty;
    }

    private static async Task PumpAsync(ChannelReader<byte[]> events, Stream body, TimeProvider time, CancellationToken cancellationToken)
    {
        using var heartbeat = new PeriodicTimer(s_heartbeat, time);
        var beat = heartbeat.WaitForNextTickAsync(cancellationToken).AsTask();
        var ready = events.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            await Task.WhenAny(ready, beat);
            if (ready.IsCompleted)
            {
                if (!await ready)
                    return;
                while (events.TryRead(out var message))
                    await body.WriteAsync(message, cancellationToken);
                ready = events.WaitToReadAsync(cancellationToken).AsTask();
            }
            else
            {
                await beat;
                await body.WriteAsync(SseFormat.KeepAlive, cancellationToken);
                beat = heartbeat.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            await body.FlushAsync(cancellationToken);
        }
    }

    /// <summary>A client starts with where things stand, so that it misses nothing between its last read and its first event.</summary>
    private static byte[] FirstEvent(FleetSnapshot snapshot) => SseFormat.Event("snapshot", snapshot.Number, JsonSerializer.SerializeToUtf8Bytes(
        new SnapshotEvent(snapshot.Number, snapshot.Time, snapshot.Totals.Servers, snapshot.Totals.Servers), ContractJson.Default.SnapshotEvent));
}
