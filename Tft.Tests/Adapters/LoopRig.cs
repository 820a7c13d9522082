using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Adapters.Cursors;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Pushing;
using Tft.Adapters.Sources;
using Tft.Adapters.Telemetry;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

/// <summary>A loop over a source, as the host builds it, without the host.</summary>
internal sealed class LoopRig : IDisposable
{
    private readonly TempFolder? _ownFolder;
    private readonly HttpClient _http;

    public LoopRig(IMetricSource source, string url, TimeProvider clock, TempFolder? folder = null, Action<AdapterOptions>? configure = null, ILogger<AdapterLoop>? logger = null)
    {
        folder ??= _ownFolder = new TempFolder();
        Options = new AdapterOptions { Name = "test", MaxRetryDelay = 0.05, Timeout = 60 };
        configure?.Invoke(Options);
        _http = new HttpClient { BaseAddress = new Uri(url) };
        Telemetry = new AdapterTelemetry(new Meters());
        Health = new SourceHealth(Options, clock);
        Cursor = new CursorFile(folder.File("test.cursor.json"), Options.Name);
        Known = new KnownServers(folder.File("test.servers"));
        DeadLetters = new DeadLetterFile(folder.File("test.dead.jsonl"), Options.DeadLetterMegabytes, clock);
        // Retries wait in real time: a fake clock would have to be moved while they do.
        var retry = FeedRetry.Build(Options, Telemetry, Health, TimeProvider.System, NullLogger.Instance);
        Pusher = new FeedPusher(_http, Options, retry, DeadLetters, Telemetry, NullLogger<FeedPusher>.Instance);
        Loop = new AdapterLoop(source, Pusher, Cursor, Known, Options, Health, Telemetry, new MappingView(MappingTrace.Off, Output), clock, logger ?? NullLogger<AdapterLoop>.Instance);
    }

    public AdapterOptions Options { get; }
    public AdapterTelemetry Telemetry { get; }
    public SourceHealth Health { get; }
    public CursorFile Cursor { get; }
    public KnownServers Known { get; }
    public DeadLetterFile DeadLetters { get; }
    public FeedPusher Pusher { get; }
    public AdapterLoop Loop { get; }
    public StringWriter Output { get; } = new();

    public Task<int> PollAsync(CancellationToken cancellationToken = default) => Loop.PollAsync(cancellationToken).DefaultTimeout();

    public void Dispose()
    {
        _http.Dispose();
        Telemetry.Dispose();
        _ownFolder?.Dispose();
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
