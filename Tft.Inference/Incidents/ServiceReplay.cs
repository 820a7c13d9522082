using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tft.Contract.Time;
using Tft.Forecasting.Data;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>What an operator got.</summary>
/// <param name="Announced">All announcements, in order of time.</param>
/// <param name="Tracks">Each server's origins with what stood there.</param>
internal sealed record OperatorRecord(IReadOnlyList<AnnouncedAlert> Announced, IReadOnlyList<AlarmTrack> Tracks);

/// <summary>
/// Recorded servers through the service's own forecast loop, a run for each closed bucket: forecasts that follow what came, risk, calibrated probabilities and
/// alert books, all of them the service's classes on the record's clock. Servers have no states of weeks: each is forecast from its last day.
/// </summary>
internal static class ServiceReplay
{
    /// <param name="forecaster">The model or the fallback.</param>
    /// <param name="series">The servers, with the contract's metrics.</param>
    /// <param name="rules">Sets of rules; each has an alert book of its own and sees the same forecasts.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What an operator got, by set of rules.</returns>
    public static IReadOnlyList<OperatorRecord> Run(
        IForecaster forecaster, IReadOnlyList<ServerSeries> series, IReadOnlyList<AlertRules> rules, CancellationToken cancellation)
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = meters.GetRequiredService<IMeterFactory>();
        var clock = new ReplayClock();
        var fleet = new ReplayFleet(series);
        var calibration = new ProbabilityCalibration();
        var snapshots = new SnapshotStore(forecaster, calibration, clock);
        OperatorLog[] logs = [.. rules.Select(r => new OperatorLog(clock, r))];
        var runner = new ForecastRunner(
            fleet,
            forecaster,
            new RiskEvaluator(new ThresholdTable(Options.Create(new RiskOptions())), calibration),
            snapshots,
            new OnlineBook(Options.Create(new OnlineOptions()), new OnlineTelemetry(factory, snapshots)),
            [new OutcomeTracker(calibration, snapshots), .. logs],
            new ForecastTelemetry(factory, snapshots, clock),
            clock,
            NullLogger<ForecastRunner>.Instance);
        var origins = series.ToDictionary(s => s.Name, _ => new List<long>(), StringComparer.Ordinal);
        for (var step = fleet.FirstStep; step <= fleet.LastStep; step++)
        {
            var now = TimeGrid.StartSeconds(step + 1);
            clock.Set(now);
            foreach (var server in fleet.MoveTo(step))
                origins[series[server].Name].Add(now);
            runner.RunChanged(cancellation);
        }

        var seconds = origins.Where(o => o.Value.Count > 0).Select(o => (Server: o.Key, Seconds: o.Value.ToArray())).ToArray();
        return [.. logs.Select(log => new OperatorRecord(log.Announced, [.. seconds.Select(s => new AlarmTrack(s.Server, s.Seconds, [.. log.Of(s.Server)]))]))];
    }
}
