using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>
/// Compares every forecast with what came, an hour and eight hours ahead. What was kept over a restart waits under its server's name until that is seen again.
/// </summary>
internal sealed class QualityTracker(IOptions<QualityOptions> options, EarlierForecasts earlier) : IForecastObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, KeptQuality> _waiting = [];
    private QualityTrack?[] _tracks = [];
    private long _version;

    /// <summary>Differs whenever something was judged.</summary>
    public long Version => Interlocked.Read(ref _version);

    public void Forecast(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        if (window.KnownSteps < ForecastShape.MinimumSteps || server.Number >= options.Value.Servers)
            return;
        var track = TrackOf(server, window, values);
        lock (track)
        {
            if (track.See(window, values, quantiles))
                Interlocked.Increment(ref _version);
        }
    }

    public void Retired(ServerSnapshot server)
    {
        if (server.Number < _tracks.Length)
            Volatile.Write(ref _tracks[server.Number], null);
    }

    /// <summary>Null members and n = 0 until there are outcomes; null where the server is not followed.</summary>
    public ForecastQuality? QualityOf(ServerSnapshot server, Metric metric)
    {
        if (Find(server) is not { } track)
            return null;
        lock (track)
            return track.Sums.Of(metric, track.LastStep);
    }

    /// <summary>Adds up what came of every server's forecasts.</summary>
    public void AddTo(FleetOutcomes outcomes)
    {
        foreach (var track in Volatile.Read(ref _tracks))
        {
            if (track is null)
                continue;
            lock (track)
                outcomes.Add(track.Sums);
        }
    }

    public bool IsFollowed(ServerSnapshot server) => Find(server) is not null;

    /// <summary>Takes over what was kept.</summary>
    public void Restore(IEnumerable<KeptQuality> servers)
    {
        lock (_gate)
        {
            foreach (var server in servers)
                _waiting[server.Name] = server;
        }
    }

    /// <summary>What is to be kept: of those who are followed, and of those who were and have not been seen since the start.</summary>
    public IReadOnlyList<KeptQuality> Save()
    {
        lock (_gate)
        {
            var saved = new List<KeptQuality>(_waiting.Values);
            foreach (var track in Volatile.Read(ref _tracks))
            {
                if (track is null)
                    continue;
                lock (track)
                    saved.Add(new KeptQuality(track.Name, track.LastStep, track.Sums.Copy()));
            }

            return saved;
        }
    }

    private QualityTrack? Find(ServerSnapshot server)
    {
        var tracks = Volatile.Read(ref _tracks);
        return server.Number < tracks.Length && tracks[server.Number] is { } track && track.Name == server.Name ? track : null;
    }

    private QualityTrack TrackOf(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values)
    {
        if (server.Number >= _tracks.Length)
        {
            var longer = new QualityTrack?[Math.Max(server.Number + 1, Math.Min(options.Value.Servers, _tracks.Length * 2))];
            _tracks.CopyTo(longer, 0);
            Volatile.Write(ref _tracks, longer);
        }

        return _tracks[server.Number] is { } known && known.Name == server.Name ? known : Resume(server, window, values);
    }

    private QualityTrack Resume(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values)
    {
        KeptQuality? kept;
        lock (_gate)
            kept = _waiting.GetValueOrDefault(server.Name);
        var track = new QualityTrack(server.Name);
        track.Resume(kept, earlier, window, values);
        lock (_gate)
        {
            Volatile.Write(ref _tracks[server.Number], track);
            _waiting.Remove(server.Name);
        }

        return track;
    }
}
