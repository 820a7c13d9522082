using System.Text.Json;
using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Inference.Windows;

namespace Tft.Inference.Cascades;

/// <summary>
/// Looks at the fleet at intervals, when there is a newer snapshot, and keeps the answer finished: a request costs a copy. Of a large fleet the 2,000 servers of
/// highest risk are read, and the 400 that rise highest compared.
/// </summary>
internal sealed partial class CascadeWatch(
    SnapshotStore snapshots, IFleetWindows windows, ThresholdTable thresholds, DependencyMap dependencies, IOptions<CascadeOptions> options, TimeProvider time, ILogger<CascadeWatch> logger)
    : BackgroundService
{
    public const int MostRead = 2_000;
    public const int MostCompared = 400;

    private readonly TrackBuilder _builder = new(thresholds);
    private readonly float[] _values = new float[ForecastShape.WindowValues];
    private readonly ServerState[] _states = new ServerState[TimeGrid.WindowSteps];
    private readonly float[] _quantiles = new float[ForecastShape.PerServer];
    private readonly float[] _series = new float[ForecastShape.Steps];
    private readonly Lock _gate = new();
    private volatile byte[]? _json;
    private long _snapshot = -1;

    /// <summary>The answer of the last look; the first who asks before there was one waits for it.</summary>
    public byte[] Json => _json ?? Look(default);

    /// <summary>Works the answer out anew if there is a newer snapshot than that of the last look.</summary>
    public byte[] Look(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var snapshot = snapshots.Current;
            if (_json is { } known && snapshot.Number == _snapshot)
                return known;
            _json = JsonSerializer.SerializeToUtf8Bytes(Of(snapshot, cancellationToken), ContractJson.Default.CascadesResponse);
            _snapshot = snapshot.Number;
            return _json;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Look(stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
            {
                // the page shows the last look, with its time
                LogFailed(e);
            }
        }
    }

    private CascadesResponse Of(FleetSnapshot snapshot, CancellationToken cancellationToken)
    {
        List<ServerSnapshot> risky = [.. snapshot.Blocks.SelectMany(b => b.Servers).OfType<ServerSnapshot>()
            .Where(s => s.Risk.Score >= RiskLevels.Watch && !s.IsStale && s.KnownSteps >= ForecastShape.MinimumSteps)];
        List<ServerSnapshot> read = [.. risky.OrderByDescending(s => s.Risk.Score).ThenBy(s => s.Number).Take(MostRead)];
        // the newest origin is the line between measured and forecast for all
        var origin = read.Count == 0 ? TimeGrid.StepOf(time.GetUtcNow()) : read.Max(s => TimeGrid.StepOf(s.OriginSeconds));
        var first = origin - RiskTrack.Past;
        var tracks = new List<RiskTrack>();
        foreach (var server in read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tracks.Add(Track(server, snapshot, first));
        }

        List<RiskTrack> rising = [.. tracks.Where(t => t.Onset >= 0).OrderByDescending(t => t.Peak).ThenBy(t => t.Onset)];
        var groups = CascadeFinder.Find(rising.Take(MostCompared), out var alone, cancellationToken);
        return new CascadesResponse
        {
            Timestamp = time.GetUtcNow(),
            Snapshot = snapshot.Number,
            Origin = TimeGrid.StartOf(origin),
            From = TimeGrid.StartOf(first),
            StepSeconds = TimeGrid.StepSeconds,
            AtRisk = risky.Count,
            Considered = read.Count,
            Rising = rising.Count,
            Alone = alone,
            Dependencies = dependencies.Count,
            Groups = [.. groups.OrderByDescending(g => g.Count).ThenByDescending(g => g.Max(j => j.Track.Peak)).ThenBy(g => g[0].Track.Onset).Take(CascadeReport.MostGroups).Select(g => CascadeReport.Of(g, dependencies, first))],
            Total = groups.Count,
        };
    }

    private RiskTrack Track(ServerSnapshot server, FleetSnapshot snapshot, long firstStep)
    {
        var window = windows.Read(server.Number, _values, _states);
        // a bucket that closed since the snapshot was made is not in its forecast: it counts as measured where it lies before the line
        var last = (int)Math.Clamp(window.LastStep - firstStep, -1, RiskTrack.Past - 1);
        var newer = Math.Max(0, (int)(window.LastStep - firstStep) - last);
        var measured = _values.AsSpan(0, (TimeGrid.WindowSteps - Math.Min(newer, TimeGrid.WindowSteps)) * MetricCatalog.Count);
        var block = snapshot.BlockOf(server);
        var at = server.Number % SnapshotBlock.Size;
        foreach (var metric in MetricCatalog.All)
        {
            var has = block.Forecasts.Has(at, metric.Id);
            for (var quantile = 0; quantile < ForecastShape.Quantiles; quantile++)
            {
                if (has)
                    block.Forecasts.Get(at, metric.Id, quantile, _series);
                for (var step = 0; step < ForecastShape.Steps; step++)
                    _quantiles[ForecastShape.At(step, (int)metric.Id) + quantile] = has ? _series[step] : float.NaN;
            }
        }

        return _builder.Build(server.Name, server.Profile, server.LoadMedian, measured, last, _quantiles, (int)(TimeGrid.StepOf(server.OriginSeconds) - firstStep));
    }

    [LoggerMessage(3301, LogLevel.Error, "What rises together could not be worked out; the last answer stays")]
    private partial void LogFailed(Exception e);
}
