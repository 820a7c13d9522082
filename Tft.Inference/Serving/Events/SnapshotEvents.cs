using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Serving.Status;

namespace Tft.Inference.Serving.Events;

/// <summary>
/// Turns publications into <c>snapshot</c> events, at most four a second however many blocks a run publishes, and sends <c>status</c>
/// every 15 seconds.
/// </summary>
internal sealed class SnapshotEvents(SnapshotStore snapshots, EventHub hub, StatusReport status, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_status = TimeSpan.FromSeconds(15);

    private int _changed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        snapshots.Published += OnPublished;
        try
        {
            using var timer = new PeriodicTimer(s_interval, time);
            var statusSent = time.GetTimestamp();
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (Interlocked.Exchange(ref _changed, 0) is var changed and > 0)
                    SendSnapshot(changed);
                if (time.GetElapsedTime(statusSent) < s_status)
                    continue;
                statusSent = time.GetTimestamp();
                if (hub.Clients > 0)
                    hub.Send(SseFormat.Event("status", null, JsonSerializer.SerializeToUtf8Bytes(status.Make(), ContractJson.Default.StatusResponse)));
            }
        }
        finally
        {
            snapshots.Published -= OnPublished;
        }
    }

    private void OnPublished(FleetSnapshot snapshot, int changed) => Interlocked.Add(ref _changed, changed);

    private void SendSnapshot(int changed)
    {
        var snapshot = snapshots.Current;
        var message = new SnapshotEvent(snapshot.Number, snapshot.Time, snapshot.Totals.Servers, changed);
        hub.Send(SseFormat.Event("snapshot", snapshot.Number, JsonSerializer.SerializeToUtf8Bytes(message, ContractJson.Default.SnapshotEvent)));
    }
}
