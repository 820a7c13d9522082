using System.Diagnostics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Forecasting.Data;
using Tft.Inference.Windows;

namespace Tft.Inference.Incidents;

/// <summary>
/// Recorded servers side by side, at a moment that moves: the windows that the service had when the bucket of that step had closed. A server's number is its
/// place in the list. One thread.
/// </summary>
internal sealed class ReplayFleet : IFleetWindows
{
    private readonly IReadOnlyList<ServerSeries> _series;
    private readonly ReplayWindows[] _windows;
    private readonly Queue<int> _changed = [];
    private long _step;

    /// <exception cref="InvalidDataException">A server has other metrics than the contract.</exception>
    public ReplayFleet(IReadOnlyList<ServerSeries> series)
    {
        _series = series;
        _windows = [.. series.Select(s => new ReplayWindows(s))];
        FirstStep = series.Count == 0 ? 0 : series.Min(s => s.FirstStep) + TimeGrid.WindowSteps - 1;
        LastStep = series.Count == 0 ? -1 : series.Max(s => s.FirstStep + s.Steps) - 1;
    }

    /// <summary>The first step at which a server's window is full.</summary>
    public long FirstStep { get; }

    /// <summary>The last step of the record.</summary>
    public long LastStep { get; }

    public int Count => _windows.Length;

    public long ClosedSteps => (long)Count * TimeGrid.WindowSteps;

    /// <summary>The bucket of this step has closed: servers that were measured in it changed, and are given.</summary>
    public IReadOnlyCollection<int> MoveTo(long step)
    {
        _step = step;
        _changed.Clear();
        for (var server = 0; server < Count; server++)
        {
            if (At(server) is var at && at < _windows[server].Count && _windows[server].IsOrigin(at))
                _changed.Enqueue(server);
        }

        return _changed;
    }

    public bool TryFind(string name, out int server)
    {
        for (server = 0; server < Count; server++)
        {
            if (_series[server].Name == name)
                return true;
        }

        return false;
    }

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public int TakeChanged(Span<int> servers)
    {
        var taken = 0;
        while (taken < servers.Length && _changed.TryDequeue(out var server))
            servers[taken++] = server;
        return taken;
    }

    public IReadOnlyList<ActivityLink> TakeLinks() => [];

    public WindowInfo Read(int server, Span<float> values, Span<ServerState> states) => _windows[server].Read(At(server), values, states);

    public ServerFacts Facts(int server) => _windows[server].Facts(At(server));

    private int At(int server) => (int)Math.Max(-1, _step - _series[server].FirstStep);
}
