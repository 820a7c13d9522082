using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Time;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.Distributed.Stores;

namespace Tft.Tests.Sources.Distributed;

/// <summary>
/// The whole AppHost with one source, what goes into it, and what must come out of the service. Between store and adapter stands a proxy that can
/// cut an answer, between adapter and service a gate that can hold a batch.
/// </summary>
internal sealed partial class SourceRun : IAsyncDisposable
{
    private const string Key = "test-key-of-the-sources";
    private static readonly TimeSpan s_patience = Eventually.Long;

    private readonly TempFolder _data = new();
    private readonly Ledger _ledger = new();
    private readonly List<Sample> _ahead = [];
    private readonly ConcurrentQueue<string> _log = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Action<string> _say;
    private DistributedApplication _app = null!;
    private HttpClient _client = null!;
    private HeldBuckets _held = null!;
    private long _newest;

    /// <param name="source">To be started.</param>
    /// <param name="servers">Whose rows it has.</param>
    /// <param name="say">Gets what is done, with the time it took.</param>
    public SourceRun(SourceUnderTest source, IEnumerable<string> servers, Action<string> say)
    {
        _say = say;
        Source = source;
        Servers = [.. servers];
    }

    public SourceUnderTest Source { get; }

    public IReadOnlyList<string> Servers { get; }

    public FeedGate Gate { get; private set; } = null!;

    /// <summary>Null for a source that is not reached over the network.</summary>
    public CuttingProxy? Proxy { get; private set; }

    /// <summary>The end of the adapter's and the service's logs, for failures.</summary>
    public string Log => string.Join('\n', _log.TakeLast(60));

    private string Adapter => $"adapter-{Source.Adapter}";

    /// <summary>Starts the store; the AppHost is still to come.</summary>
    public async Task StartSourceAsync()
    {
        RunningProcesses.SkipIfUnknown();
        Gate = await FeedGate.StartAsync();
        await Source.StartAsync();
        Source.Connect(new Uri(Gate.Url), Key);
        Proxy = Source.Port == 0 ? null : new CuttingProxy(Source.Port);
    }

    /// <summary>Starts the AppHost, by its own Program, with this source alone.</summary>
    public async Task StartAppHostAsync()
    {
        string[] settings =
        [
            $"--Tft:DataDirectory={_data.Path}", $"--Tft:ApiKey={Key}", "--Tft:Redis=none", "--Tft:Model=none", $"--Tft:Sources={(Source.HasAdapter ? Source.Adapter : "")}",
            "--Tft:Adapter:Interval=0.3", "--Tft:Adapter:MaxRetryDelay=0.5",
            .. Source.Settings(Proxy?.Port ?? 0).Select(s => $"--Tft:{s.Key}={s.Value}"),
        ];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Tft_AppHost>(settings).DefaultTimeout();
        if (Source.HasAdapter)
            builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == Adapter)).WithEnvironment("Tft__InferenceUrl", Gate.Url);
        _app = await builder.BuildAsync().DefaultTimeout();
        await _app.StartAsync().WaitAsync(s_patience);
        if (Source.HasAdapter)
            _ = KeepLogAsync(Adapter);
        _ = KeepLogAsync("inference");
        Gate.Open(_app.GetEndpoint("inference"));
        _client = _app.CreateHttpClient("inference");
        _client.DefaultRequestHeaders.Add("X-API-Key", Key);
        _held = new HeldBuckets(_client, Source.Adapter, Servers, _ledger);
    }

    /// <summary>Rows that the source gets and the service must come to hold.</summary>
    public async Task AddAsync(IReadOnlyList<Sample> rows)
    {
        await Source.AddAsync(rows);
        _ledger.Add(rows);
    }

    /// <summary>Rows that the service must come to hold, already in the source.</summary>
    public void Expect(IReadOnlyList<Sample> rows) => _ledger.Add(rows);

    /// <summary>Rows ahead of the clock: the service must come to hold each when its time has come.</summary>
    public async Task AddAheadAsync(IReadOnlyList<Sample> rows)
    {
        await Source.AddAsync(rows);
        _ahead.AddRange(rows);
    }

    /// <summary>Waits until no row is ahead of the clock any more.</summary>
    public Task TimeHasComeAsync() => Eventually.True(() => _ahead.All(IsDue), "the time of the rows that are ahead has come");

    /// <summary>The next seconds that no row has yet: from now on, and never the second that probes use.</summary>
    public IReadOnlyList<long> NextSeconds(int count)
    {
        var seconds = new List<long>();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        // a row must be there before its time is read: a second is the least that leaves room
        var at = Math.Max(_newest, Source.FollowsTheClock ? now : now - count) + 1;
        for (; seconds.Count < count; at++)
        {
            if (at % TimeGrid.StepSeconds != HeldBuckets.Probe)
                seconds.Add(at);
        }

        _newest = seconds[^1];
        return seconds;
    }

    /// <summary>Waits for the end of the back-fill.</summary>
    /// <returns>The start of the bucket from which rows are read as they are.</returns>
    public async Task<long> DayIsReadAsync()
    {
        if (!Source.HasAdapter)
        {
            await Source.AllIsPushedAsync();
            return _newest = TimeGrid.StartSeconds(TimeGrid.StepOf(DateTimeOffset.UtcNow)) + HeldBuckets.Probe;
        }

        await Eventually.True(async () => File.Exists(CursorPath) && Source.HasReadTheDay(await CursorAsync()), "the day is read", s_patience);
        var floor = (await CursorAsync()).GetProperty("floor").GetDateTimeOffset().ToUnixTimeSeconds();
        _newest = floor + HeldBuckets.Probe;
        return floor;
    }

    /// <summary>Waits until the service's buckets are what the rows give: each server's, each of the window's or of the newest.</summary>
    /// <param name="when">What happened before, for failures.</param>
    /// <param name="whole">All 288 steps of the window; else the last quarter of an hour.</param>
    public async Task AgreesAsync(string when, bool whole = false)
    {
        var difference = "nothing was compared";
        try
        {
            await Eventually.True(
                async () =>
                {
                    _ledger.Add(_ahead.Where(IsDue));
                    return (difference = await _held.DifferenceAsync(_newest, whole)) is null;
                },
                when);
            _say($"{_watch.Elapsed.TotalSeconds,5:0.0} s {when}");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{when}: {difference}\n{Log}");
        }
    }

    /// <summary>Refused batches that were put aside: none of these faults may lead to one.</summary>
    public bool HasDeadLetters => File.Exists(Path.Combine(_data.Path, "adapters", $"{Source.Adapter}.dead.jsonl"));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _client?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync().DefaultTimeout();
            await _app.DisposeAsync();
        }

        if (Gate is not null)
            await Gate.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        await Source.DisposeAsync();
        _stopping.Dispose();
        _data.Dispose();
    }

    private static bool IsDue(Sample row) => row.Second <= DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private string CursorPath => Path.Combine(_data.Path, "adapters", $"{Source.Adapter}.cursor.json");

    private async Task<JsonElement> CursorAsync()
    {
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(CursorPath));
        return document.RootElement.Clone();
    }

    private async Task KeepLogAsync(string resource)
    {
        try
        {
            await foreach (var batch in _app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(_stopping.Token))
            {
                foreach (var line in batch)
                    _log.Enqueue($"{resource}: {line.Content}");
            }
        }
        catch (OperationCanceledException)
        {
            // the run is over
        }
    }
}
