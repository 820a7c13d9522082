namespace Tft.Forecasting.Network;

/// <summary>
/// Threads that share out numbered pieces of work. Which thread takes which piece is left to chance; so a piece may only write to places that are its own.
/// One caller at a time; a run allocates nothing.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _start = new(0);
    private readonly CountdownEvent _running = new(1);
    private volatile Action<int, int>? _work;
    private volatile Exception? _failure;
    private volatile bool _stop;
    private int _next, _count;

    /// <param name="workers">Threads that work, the caller's own included.</param>
    public WorkerTeam(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        Workers = workers;
        _threads = [.. Enumerable.Range(1, workers - 1).Select(i => new Thread(() => Loop(i)) { IsBackground = true, Name = $"tft-{i}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Threads that work, the caller's own included.</summary>
    public int Workers { get; }

    /// <summary>Calls <paramref name="work"/> (worker, piece) once for each piece in [0, count) and returns when all are done.</summary>
    /// <exception cref="Exception">The first failure of a piece; the others are still finished.</exception>
    public void Run(int count, Action<int, int> work)
    {
        ObjectDisposedException.ThrowIf(_stop, this);
        _work = work;
        _failure = null;
        _count = count;
        _next = 0;
        var helpers = Math.Min(_threads.Length, count - 1);
        if (helpers > 0)
        {
            _running.Reset(helpers + 1);
            _start.Release(helpers);
        }
        else
        {
            _running.Reset(1);
        }

        Take(0);
        _running.Signal();
        _running.Wait();
        _work = null;
        if (_failure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
        if (_stop)
        {
            return;
        }

        _stop = true;
        _start.Release(Math.Max(1, _threads.Length));
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _start.Dispose();
        _running.Dispose();
    }

    private void Loop(int worker)
    {
        while (true)
        {
            _start.Wait();
            if (_stop)
            {
                return;
            }

            Take(worker);
            _running.Signal();
        }
    }

    private void Take(int worker)
    {
        for (var piece = Interlocked.Increment(ref _next) - 1; piece < _count; piece = Interlocked.Increment(ref _next) - 1)
        {
            try
            {
                _work!(worker, piece);
            }
            catch (Exception e)
            {
                // kept for the caller of Run, which throws it when no thread works any more
                _failure ??= e;
            }
        }
    }
}
