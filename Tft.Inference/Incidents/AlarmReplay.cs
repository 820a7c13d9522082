using Microsoft.Extensions.Options;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Forecasting.Data;
using Tft.Inference.Forecasts;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>
/// Replays recorded servers: at each origin the service's forecasters, thresholds and risk, as if the record came in. Used by one thread at a time.
/// </summary>
/// <param name="forecasters">What is compared; each sees the same windows.</param>
/// <param name="every">Origins are this many steps apart.</param>
internal sealed class AlarmReplay(IReadOnlyList<IForecaster> forecasters, int every)
{
    private readonly RiskEvaluator _risk = new(new ThresholdTable(Options.Create(new RiskOptions())), new ProbabilityCalibration());
    private readonly ForecastBatch _batch = new(ForecastBatch.UsualCapacity);
    private readonly float[] _window = new float[ForecastShape.WindowValues];
    private readonly ServerState[] _states = new ServerState[TimeGrid.WindowSteps];

    /// <summary>The alarms of each forecaster on a server.</summary>
    public AlarmTrack[] Run(ServerSeries series)
    {
        var windows = new ReplayWindows(series);
        var medians = LoadMediansOf(windows);
        int[] origins = [.. Enumerable.Range(0, windows.Count).Where(s => (series.FirstStep + s + 1) % every == 0 && windows.IsOrigin(s))];
        long[] seconds = [.. origins.Select(windows.OriginSeconds)];
        AlarmTrack[] tracks = [.. forecasters.Select(_ => new AlarmTrack(series.Name, seconds, new OriginAlarms[origins.Length]))];
        for (var from = 0; from < origins.Length; from += _batch.Capacity)
        {
            var taken = origins.AsSpan(from, Math.Min(_batch.Capacity, origins.Length - from));
            _batch.Fill(windows, taken);
            for (var f = 0; f < forecasters.Count; f++)
            {
                forecasters[f].Forecast(_batch);
                for (var i = 0; i < taken.Length; i++)
                {
                    var measured = _batch.Values(i)[^ForecastShape.Metrics..];
                    tracks[f].Alarms[from + i] = OriginAlarms.Of(_risk.Evaluate(_batch.Facts[i].Profile, measured, _batch.Quantiles(i), medians[taken[i]]));
                }
            }
        }

        return tracks;
    }

    /// <summary>The load median that the service would know at each step: it is updated at every one, forecast or not.</summary>
    private float[] LoadMediansOf(ReplayWindows windows)
    {
        var medians = new float[windows.Count];
        var loads = new LoadMedians();
        for (var step = TimeGrid.WindowSteps - 1; step < medians.Length; step++)
        {
            if (windows.IsOrigin(step))
                medians[step] = loads.Update(0, windows.Read(step, _window, _states), _window);
        }

        return medians;
    }
}
