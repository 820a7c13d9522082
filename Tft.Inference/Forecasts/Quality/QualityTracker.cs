using Microsoft.Extensions.Options;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>Section <c>Tft:Quality</c>.</summary>
internal sealed class QualityOptions
{
    public const string Section = "Tft:Quality";

    /// <summary>Servers whose forecasts are kept and compared with what came, at 27 KB of memory and 115 KB of disk a day each; the first to arrive. 0 keeps none.</summary>
    public int Servers { get; init; } = 2_000;
}

internal sealed class QualityOptionsValidator : IValidateOptions<QualityOptions>
{
    public ValidateOptionsResult Validate(string? name, QualityOptions options) => options.Servers is >= 0 and <= 1_000_000
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{QualityOptions.Section}:Servers must be between 0 and 1,000,000, is {options.Servers}.");
}

/// <summary>Compares every forecast with what came, an hour and eight hours ahead.</summary>
internal sealed class QualityTracker(IOptions<QualityOptions> options) : IForecastObserver
{
    private Track?[] _tracks = [];

    public void Forecast(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        if (window.KnownSteps < ForecastShape.MinimumSteps || server.Number >= options.Value.Servers)
            return;
        var track = TrackOf(server);
        lock (track)
            track.See(window, values, quantiles);
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
            return track.Quality.Of(metric, track.LastStep);
    }

    /// <summary>Adds up what came of every server's forecasts.</summary>
    public void AddTo(FleetOutcomes outcomes)
    {
        foreach (var track in Volatile.Read(ref _tracks))
        {
            if (track is null)
                continue;
            lock (track)
                outcomes.Add(track.Quality);
        }
    }

    public bool IsFollowed(ServerSnapshot server) => Find(server) is not null;

    private Track? Find(ServerSnapshot server)
    {
        var tracks = Volatile.Read(ref _tracks);
        return server.Number < tracks.Length && tracks[server.Number] is { } track && track.Name == server.Name ? track : null;
    }

    private Track TrackOf(ServerSnapshot server)
    {
        if (server.Number >= _tracks.Length)
        {
            var longer = new Track?[Math.Max(server.Number + 1, Math.Min(options.Value.Servers, _tracks.Length * 2))];
            _tracks.CopyTo(longer, 0);
            Volatile.Write(ref _tracks, longer);
        }

        var track = _tracks[server.Number];
        if (track is null || track.Name != server.Name)
            Volatile.Write(ref _tracks[server.Number], track = new Track(server.Name));
        return track;
    }

    private sealed class Track(string name)
    {
        public string Name => name;
        public ForecastArchive Archive { get; } = new();
        public QualitySums Quality { get; } = new();
        public long LastStep { get; private set; } = long.MinValue;

        public void See(WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
        {
            // A late record renews a forecast; the steps before it have been judged.
            var first = Math.Max(LastStep + 1, window.LastStep - window.KnownSteps + 1);
            for (var step = first; step <= window.LastStep && LastStep != long.MinValue; step++)
                Judge(step, values[((TimeGrid.WindowSteps - 1 - (int)(window.LastStep - step)) * MetricCatalog.Count)..]);
            Archive.Keep(window.LastStep, values, quantiles);
            LastStep = window.LastStep;
        }

        private void Judge(long step, ReadOnlySpan<float> row)
        {
            for (var which = 0; which < ForecastArchive.Leads.Length; which++)
            {
                for (var metric = (Metric)0; (int)metric < MetricCatalog.Count; metric++)
                {
                    if (Archive.TryGet(which, step, metric, out var kept))
                        Quality.Add(which, metric, step, kept, row[(int)metric]);
                }
            }
        }
    }
}
