namespace Tft.Inference.Feed;

/// <summary>Keeps a few <see cref="FeedWork"/>, and bounds what all bodies together may take while they are read.</summary>
internal sealed class FeedWorkPool(IngestOptions options)
{
    private const int Kept = 32;

    private readonly FeedWork?[] _idle = new FeedWork?[Kept];
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
        FeedWork? work = null;
        for (var i = 0; i < _idle.Length && work is null; i++)
        {
            if (Volatile.Read(ref _idle[i]) is not null)
                work = Interlocked.Exchange(ref _idle[i], null);
        }

        work ??= new FeedWork();
        work.Start();
        return work;
    }

    public void Return(FeedWork work)
    {
        work.Shrink();
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], work, null) is null)
                return;
        }
    }
}
