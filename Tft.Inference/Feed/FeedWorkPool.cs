using System.Collections.Concurrent;

namespace Tft.Inference.Feed;

/// <summary>Keeps a few <see cref="FeedWork"/>, and bounds what all bodies together may take while they are read.</summary>
internal sealed class FeedWorkPool(IngestOptions options)
{
    private const int Kept = 32;

    private readonly ConcurrentBag<FeedWork> _idle = [];
    private readonly long _maxBytes = (long)options.MaxInFlightMegabytes << 20;
    private long _bytes;

    /// <summary>False where too many bytes are on their way already.</summary>
    public bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= _maxBytes)
            return true;
        Release(bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    public FeedWork Rent()
    {
        var work = _idle.TryTake(out var idle) ? idle : new FeedWork();
        work.Start();
        return work;
    }

    public void Return(FeedWork work)
    {
        if (_idle.Count >= Kept)
            return;
        work.Shrink();
        _idle.Add(work);
    }
}
