using System.Numerics;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.Windows;

/// <summary>
/// Servers that changed and were not yet taken: one bit each, so a server that changes twice is given once, and nothing is ever dropped.
/// The writer never waits; one reader takes.
/// </summary>
internal sealed class ChangeSet : IDisposable
{
    private readonly Chunked<long> _words = new(10);
    private readonly SemaphoreSlim _signal = new(0, 1);
    private int _pending;
    private int _signalled;
    private int _cursor;

    public void Reach(int server) => _words.Reach(server >> 6);

    public void Add(int server)
    {
        var bit = 1L << (server & 63);
        if ((Interlocked.Or(ref _words[server >> 6], bit) & bit) != 0)
            return;
        Interlocked.Increment(ref _pending);
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            _signal.Release();
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _pending) == 0)
        {
            await _signal.WaitAsync(cancellationToken);
            Volatile.Write(ref _signalled, 0);
        }
    }

    /// <summary>Goes round, so that no server waits for ever behind busy ones.</summary>
    public int Take(Span<int> servers)
    {
        var taken = 0;
        var words = _words.Capacity;
        for (var n = 0; n < words && taken < servers.Length; n++)
        {
            if (Volatile.Read(ref _pending) == 0)
                break;
            if (_cursor >= words)
                _cursor = 0;
            ref var word = ref _words[_cursor];
            while (taken < servers.Length && Volatile.Read(ref word) is not 0 and var bits)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                Interlocked.And(ref word, ~(1L << bit));
                Interlocked.Decrement(ref _pending);
                servers[taken++] = (_cursor << 6) + bit;
            }

            if (Volatile.Read(ref word) == 0)
                _cursor++;
        }

        return taken;
    }

    public void Dispose() => _signal.Dispose();
}
