using System.Net;
using Tft.ServiceDefaults.Clients;

namespace Tft.Dashboard.Live;

/// <summary>How the dashboard hears of changes.</summary>
internal enum FeedState
{
    /// <summary>The subscription is not up yet, or is being renewed.</summary>
    Connecting,

    /// <summary>Events arrive.</summary>
    Live,

    /// <summary>The service has no events: it is asked every few seconds instead.</summary>
    Polling,
}

/// <summary>
/// The one subscription of this process to the service's events, however many browsers are open. It tells only that there
/// is something new; what is shown is fetched by who shows it.
/// </summary>
internal sealed partial class EventFeed(IHttpClientFactory clients, TimeProvider time, ILogger<EventFeed> logger) : BackgroundService
{
    /// <summary>The service sends a comment every 15 s; after three that did not come the line is dead.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private string? _lastId;

    public FeedState State { get; private set; } = FeedState.Connecting;

    /// <summary>Why the subscription could not be had, and when that was; null while it is up or not offered.</summary>
    public (string Reason, DateTimeOffset At)? Failure { get; private set; }

    /// <summary>Published for every event of the service and every change of <see cref="State"/>.</summary>
    public ChangeNotifier Changes { get; } = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = s_shortest;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await ListenAsync(stoppingToken))
                {
                    wait = s_shortest;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                Lost(logger, e.Message, wait);
                Failure = (e.Message, time.GetUtcNow());
                Changes.Publish();
            }

            if (State == FeedState.Live)
            {
                Become(FeedState.Connecting);
            }

            try
            {
                // Jitter: dashboards that lost the same service do not come back in the same moment.
                await Task.Delay(wait * (0.8 + (0.4 * Random.Shared.NextDouble())), time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            wait = wait * 2 < s_longest ? wait * 2 : s_longest;
        }
    }

    /// <summary>Listens until the stream ends; true if it was up at all.</summary>
    private async Task<bool> ListenAsync(CancellationToken stoppingToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = time.CreateTimer(_ => silence.Cancel(), null, s_silence, Timeout.InfiniteTimeSpan);
        using var client = clients.CreateClient(InferenceClient.EventsName);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", _lastId);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            Become(FeedState.Polling);
            return false;
        }

        response.EnsureSuccessStatusCode();
        Become(FeedState.Live);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(silence.Token));
        await foreach (var one in SseReader.ReadAsync(reader, silence.Token))
        {
            timer.Change(s_silence, Timeout.InfiniteTimeSpan);
            if (one.Type != ServerSentEvent.Heartbeat)
            {
                _lastId = one.Id ?? _lastId;
                Changes.Publish();
            }
        }

        return true;
    }

    private void Become(FeedState state)
    {
        if (state != FeedState.Connecting)
        {
            Failure = null;
        }

        if (State != state)
        {
            State = state;
            StateChanged(logger, state);
            Changes.Publish();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Events of the inference service: {State}")]
    private static partial void StateChanged(ILogger logger, FeedState state);

    [LoggerMessage(2, LogLevel.Warning, "Lost the events of the inference service ({Reason}); trying again in {Wait}")]
    private static partial void Lost(ILogger logger, string reason, TimeSpan wait);
}
