using Tft.Inference.Windows.Storage;

namespace Tft.Inference.State;

/// <summary>
/// The states of the fleet by number of the server. The forecaster reads and notes how far each window is; the renewal replaces states. Readers take no lock.
/// </summary>
internal sealed class StateBook
{
    private const int ChunkBits = 10;

    private readonly Chunked<Page> _pages = new(ChunkBits);
    private readonly Lock _growing = new();
    private long _bytes;
    private int _servers;

    /// <summary>Servers with a state.</summary>
    public int Servers => Volatile.Read(ref _servers);

    /// <summary>Bytes of tables and coefficients.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Numbers up to which servers were seen.</summary>
    public int Capacity => _pages.Capacity;

    /// <summary>The state of a server, or null.</summary>
    public WeeksState? Find(int server) => server < _pages.Capacity ? Volatile.Read(ref _pages[server].State) : null;

    /// <summary>A server's window is complete and ends with this step.</summary>
    public void See(int server, long lastStep)
    {
        if (server >= _pages.Capacity)
        {
            lock (_growing)
                _pages.Reach(server);
        }

        Volatile.Write(ref _pages[server].Seen, (int)lastStep);
    }

    /// <summary>Last step of a server's window; 0 where it was not seen.</summary>
    public int Seen(int server) => Volatile.Read(ref _pages[server].Seen);

    /// <summary>Step from which on a server is to be looked at again.</summary>
    public int Next(int server) => Volatile.Read(ref _pages[server].Next);

    public void LookAgainAt(int server, int step) => Volatile.Write(ref _pages[server].Next, step);

    /// <summary>Replaces a server's state; one caller at a time.</summary>
    public void Set(int server, WeeksState? state)
    {
        var before = Interlocked.Exchange(ref _pages[server].State, state);
        Interlocked.Add(ref _bytes, (state?.Bytes ?? 0) - (before?.Bytes ?? 0));
        Interlocked.Add(ref _servers, (state is null ? 0 : 1) - (before is null ? 0 : 1));
    }

    /// <summary>The server is retired.</summary>
    public void Forget(int server)
    {
        if (server >= _pages.Capacity)
            return;
        Set(server, null);
        Volatile.Write(ref _pages[server].Seen, 0);
        LookAgainAt(server, 0);
    }

    private struct Page
    {
        public WeeksState? State;
        public int Seen;
        public int Next;
    }
}
