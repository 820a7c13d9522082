using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts;

/// <summary>
/// Windows of up to <see cref="Capacity"/> servers and the memory for their forecasts. Made once, filled again and again:
/// reading windows and forecasting allocate nothing.
/// </summary>
internal sealed class ForecastBatch(int capacity)
{
    /// <summary>Servers of a batch where nothing asks for more.</summary>
    public const int UsualCapacity = 64;

    private readonly float[] _values = new float[capacity * ForecastShape.WindowValues];
    private readonly ServerState[] _states = new ServerState[capacity * TimeGrid.WindowSteps];
    private readonly float[] _quantiles = new float[capacity * ForecastShape.PerServer];
    private readonly int[] _servers = new int[capacity];
    private readonly WindowInfo[] _windows = new WindowInfo[capacity];
    private readonly ServerFacts[] _facts = new ServerFacts[capacity];
    private readonly ForecastNote[] _notes = new ForecastNote[capacity];
    private readonly FollowedServer?[] _followed = new FollowedServer?[capacity];

    public int Capacity => capacity;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Servers => _servers.AsSpan(0, Count);

    public ReadOnlySpan<WindowInfo> Windows => _windows.AsSpan(0, Count);

    public ReadOnlySpan<ServerFacts> Facts => _facts.AsSpan(0, Count);

    /// <summary>For the forecaster to fill.</summary>
    public Span<ForecastNote> Notes => _notes.AsSpan(0, Count);

    /// <summary>What the servers' forecasts have learned from what came; null where they are not followed.</summary>
    public Span<FollowedServer?> Followed => _followed.AsSpan(0, Count);

    /// <summary>Server i's window, [288 x 14], oldest first; NaN where not measured.</summary>
    public ReadOnlySpan<float> Values(int i) => _values.AsSpan(i * ForecastShape.WindowValues, ForecastShape.WindowValues);

    /// <summary>Server i's states, [288].</summary>
    public ReadOnlySpan<ServerState> States(int i) => _states.AsSpan(i * TimeGrid.WindowSteps, TimeGrid.WindowSteps);

    /// <summary>Server i's forecast, [96 x 14 x 3], for the forecaster to fill; NaN where a metric cannot be forecast.</summary>
    public Span<float> Quantiles(int i) => _quantiles.AsSpan(i * ForecastShape.PerServer, ForecastShape.PerServer);

    /// <summary>Copies the windows of these servers in.</summary>
    public void Fill(IFleetWindows windows, ReadOnlySpan<int> servers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(servers.Length, capacity);
        Count = servers.Length;
        for (var i = 0; i < servers.Length; i++)
        {
            _servers[i] = servers[i];
            _facts[i] = windows.Facts(servers[i]);
            _windows[i] = windows.Read(
                servers[i],
                _values.AsSpan(i * ForecastShape.WindowValues, ForecastShape.WindowValues),
                _states.AsSpan(i * TimeGrid.WindowSteps, TimeGrid.WindowSteps));
            (_notes[i], _followed[i]) = (default, null);
        }
    }
}
