using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Live;

namespace Tft.Dashboard.Fleet;

/// <summary>
/// The one copy of the fleet in this process, for all browsers. It is renewed when the service says that something changed,
/// and only while somebody looks; who comes after a while in which nobody did waits for a new one.
/// </summary>
internal sealed partial class FleetStore(InferenceApi api, EventFeed feed, TimeProvider time, ILogger<FleetStore> logger) : BackgroundService
{
    /// <summary>Even without an event: lags and ages grow while nothing arrives.</summary>
    private static readonly TimeSpan s_live = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_polling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_unreachable = TimeSpan.FromSeconds(3);

    /// <summary>A fetch may take at most this part of the time: a big fleet is fetched less often instead of always.</summary>
    private const double BusyShare = 0.25;
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private TaskCompletionSource _next = NewNext();
    private volatile bool _wanted = true;

    /// <summary>The latest; null before the first answer.</summary>
    public FleetView? Current { get; private set; }

    private string? _failure;

    /// <summary>
    /// Why the service cannot be reached; null if it can. A fetch is tried several times before it fails: that the
    /// subscription is refused tells it earlier.
    /// </summary>
    public string? Failure => _failure ?? (feed.Failure is { } lost && (Current is null || lost.At > Current.FetchedAt) ? lost.Reason : null);

    /// <summary>Since when fetches fail.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    public FeedState Feed => feed.State;

    private readonly ChangeNotifier _changes = new();

    /// <summary>Calls back after changes, throttled; while there is a subscription the fleet is kept fresh.</summary>
    public IAsyncDisposable Subscribe(Func<Task> callback, TimeSpan interval)
    {
        var subscription = _changes.Subscribe(callback, interval, time);
        Wake();
        return subscription;
    }

    /// <summary>Fetches now: something was changed through the dashboard itself.</summary>
    public void Refresh() => Wake();

    /// <summary>For a page that is about to be rendered and for a file: waits for an answer or a failure where the copy is missing or was left alone.</summary>
    public async Task EnsureFreshAsync(TimeSpan patience)
    {
        var next = _next.Task;
        var isKnown = Current is { } view && time.GetUtcNow() - view.FetchedAt <= s_live;
        if (isKnown || (Failure is not null && _changes.Count > 0))
        {
            return;
        }

        _wanted = true;
        Wake();
        try
        {
            await next.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // The page shows that it is waiting.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var events = feed.Changes.Subscribe(
            () =>
            {
                if (_changes.Count > 0)
                {
                    Wake();
                    if (feed.Failure is not null)
                    {
                        _changes.Publish();
                    }
                }

                return Task.CompletedTask;
            },
            TimeSpan.FromMilliseconds(100),
            time);
        try
        {
            while (true)
            {
                await WaitAsync(stoppingToken);
                _wanted = false;
                var started = time.GetTimestamp();
                await RefreshAsync(stoppingToken);
                Interlocked.Exchange(ref _next, NewNext()).SetResult();
                _changes.Publish();

                var pause = time.GetElapsedTime(started) * (1 / BusyShare);
                await Task.Delay(pause > s_shortestPause ? pause : s_shortestPause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var interval = Failure is not null ? s_unreachable : feed.State == FeedState.Live ? s_live : s_polling;
        while (true)
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await using var due = time.CreateTimer(_ => Wake(), null, interval, Timeout.InfiniteTimeSpan);
            await _wake.WaitAsync(cancellationToken);
            if (_changes.Count > 0 || _wanted)
            {
                return;
            }
        }
    }

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
        catch (ObjectDisposedException)
        {
            // The process is stopping.
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = Current;
            var status = await api.GetStatusAsync(cancellationToken);
            var alerts = await api.GetOpenAlertsAsync(cancellationToken);
            var rows = new List<ServerRow>(before?.Rows.Count ?? 0);
            PredictResponse page;
            string? after = null;
            do
            {
                page = await api.GetPageAsync(ServerRow.Metrics, after, cancellationToken);
                rows.AddRange(page.Predictions.Select(p => ServerRow.From(p.Key, p.Value)));
                after = page.Next;
            }
            while (after is not null);

            var now = time.GetUtcNow();
            Current = new FleetView
            {
                Rows = rows,
                Environment = page.Environment,
                Warmup = page.Warmup,
                Model = page.Model,
                Status = status,
                Alerts = alerts,
                Snapshot = page.Snapshot,
                Timestamp = page.Timestamp,
                FetchedAt = now,
                Rates = RatesOf(status, before, now),
            };
            (_failure, FailingSince) = (null, null);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (_failure is null)
            {
                Unreachable(logger, e.Message);
            }

            _failure = e.Message;
            FailingSince ??= time.GetUtcNow();
        }
    }

    private static Dictionary<string, double> RatesOf(StatusResponse status, FleetView? before, DateTimeOffset now)
    {
        var rates = new Dictionary<string, double>();
        var seconds = (now - before?.FetchedAt)?.TotalSeconds ?? 0;
        if (before is null || seconds <= 0)
        {
            return rates;
        }

        foreach (var source in status.Sources)
        {
            var last = before.Status.Sources.FirstOrDefault(s => s.Name == source.Name);
            if (last is not null && source.Records >= last.Records)
            {
                rates[source.Name] = (source.Records - last.Records) / seconds;
            }
        }

        return rates;
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "The inference service does not answer: {Reason}")]
    private static partial void Unreachable(ILogger logger, string reason);
}
