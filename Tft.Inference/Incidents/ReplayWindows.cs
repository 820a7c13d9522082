using System.Diagnostics;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Forecasting.Data;
using Tft.Inference.Forecasts;
using Tft.Inference.Windows;

namespace Tft.Inference.Incidents;

/// <summary>
/// A recorded server as the service saw it: the window that ends at step n of the record is given as that of number n. For batches of origins;
/// nothing in it changes.
/// </summary>
internal sealed class ReplayWindows : IFleetWindows
{
    private readonly ServerSeries _series;
    private readonly ServerProfile _profile;

    /// <exception cref="InvalidDataException">The server has other metrics than the contract.</exception>
    public ReplayWindows(ServerSeries series)
    {
        if (!series.MetricNames.SequenceEqual(MetricCatalog.All.Select(m => m.Name)))
            throw new InvalidDataException($"{series.Name}: incidents are looked for in the contract's metrics; these are others.");
        _series = series;
        if (!ServerProfiles.TryParse(series.Profile, out _profile))
            _profile = ServerProfile.Generic;
    }

    public int Count => _series.Steps;

    public long ClosedSteps => _series.Steps;

    /// <summary>True where the step itself was measured: the service forecasts when a bucket closes.</summary>
    public bool IsOrigin(int step) => step >= TimeGrid.WindowSteps - 1 && _series.Values.Any(m => !float.IsNaN(m[step]));

    public long OriginSeconds(int step) => TimeGrid.StartSeconds(_series.FirstStep + step + 1);

    public WindowInfo Read(int server, Span<float> values, Span<ServerState> states)
    {
        var first = server + 1 - TimeGrid.WindowSteps;
        var measured = 0;
        for (var t = 0; t < TimeGrid.WindowSteps; t++)
        {
            var any = false;
            for (var m = 0; m < ForecastShape.Metrics; m++)
                any |= !float.IsNaN(values[(t * ForecastShape.Metrics) + m] = _series.Values[m][first + t]);
            measured += any ? 1 : 0;
            states[t] = any ? ServerState.Healthy : ServerState.Missing;
        }

        return new WindowInfo(_series.FirstStep + server, TimeGrid.WindowSteps, measured);
    }

    public ServerFacts Facts(int server)
    {
        var last = MetricValues.Missing;
        for (var m = 0; m < ForecastShape.Metrics; m++)
            last[m] = _series.Values[m][server];
        return new ServerFacts(_series.Name, _profile, ServerState.Healthy, last, OriginSeconds(server), false);
    }

    public bool TryFind(string name, out int server) => throw new NotSupportedException("A replay is read by origin.");

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public int TakeChanged(Span<int> servers) => 0;

    public IReadOnlyList<ActivityLink> TakeLinks() => [];
}
