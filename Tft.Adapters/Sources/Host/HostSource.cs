using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tft.Adapters.Mapping;
using Tft.Contract.Records;

namespace Tft.Adapters.Sources.Host;

/// <summary>
/// This machine as a source. It is measured at its own pace into a bounded buffer, so that an hour without the service leaves no hole;
/// when a day is full the oldest go, and are counted.
/// </summary>
internal sealed partial class HostSource(HostSampler sampler, TimeSpan interval, bool once, MappingTrace trace, TimeProvider clock, ILogger<HostSource> logger) : IMetricSource, IAsyncDisposable
{
    private const int BufferSize = 17_280;
    private const int PageSize = 1000;

    private readonly CancellationTokenSource _stop = new();
    private Channel<MetricRecord>? _buffer;
    private Task _sampling = Task.CompletedTask;
    private long _dropped;

    public bool HasHistory => false;

    public async IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_buffer is null)
            await StartAsync(cancellationToken).ConfigureAwait(false);
        if (once)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken).ConfigureAwait(false);
            Take();
        }

        var records = new List<MetricRecord>();
        while (_buffer!.Reader.TryRead(out var record))
        {
            records.Add(record);
            if (records.Count < PageSize)
                continue;
            yield return new SourcePage(records, record.Timestamp);
            records = [];
        }

        if (records.Count > 0)
            yield return new SourcePage(records, records[^1].Timestamp);
    }

    public async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield break;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>The first record comes after a second, the others at the interval.</summary>
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _buffer = Channel.CreateBounded<MetricRecord>(new BoundedChannelOptions(BufferSize) { FullMode = BoundedChannelFullMode.DropOldest }, OnDropped);
        Take();
        if (once)
            return;
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(1, interval.TotalSeconds)), clock, cancellationToken).ConfigureAwait(false);
        Take();
        _sampling = SampleAsync();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            Take();
    }

    private void Take()
    {
        if (sampler.Sample() is not { } record)
            return;
        if (trace.Enabled)
            trace.Keep(record, HostOrigins.Fields);
        _buffer!.Writer.TryWrite(record);
    }

    private void OnDropped(MetricRecord record)
    {
        if (_dropped++ % 1000 == 0)
            Log.Dropped(logger, _dropped, BufferSize);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 230, Level = LogLevel.Warning, Message = "{Dropped} measurements of this host were dropped: the service has been away for longer than the buffer of {Size} holds")]
        public static partial void Dropped(ILogger logger, long dropped, int size);
    }
}
