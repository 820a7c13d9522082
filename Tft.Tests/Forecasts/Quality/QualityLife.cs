using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.LongHistory;
using Tft.Inference.Risk;
using Tft.Inference.Windows;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasts.Quality;

/// <summary>
/// From one start of the service to its end, as far as past forecasts are concerned, over a folder that lives on. Values and forecasts depend on the step alone: all
/// lives see the same. Memory is forecast with errors, swap is never used and its band begins at 0, the uptime is a clock that is forecast without error.
/// </summary>
internal sealed class QualityLife : IDisposable
{
    /// <summary>The step that tests count from.</summary>
    public static readonly long First = TimeGrid.StepOf(new FakeTimeProvider().GetUtcNow());

    private static readonly Metric[] s_forecast = [Metric.MemUsed, Metric.SwapUsed, Metric.UptimeDays];

    private readonly ForecastLog _log;
    private readonly QualityFile _file;

    public QualityLife(TempFolder folder, TimeProvider? clock = null)
    {
        clock ??= new FakeTimeProvider();
        _log = new ForecastLog(new HistoryOptions(14, folder.File("history"), folder.File("forecasts")), NullLogger<ForecastLog>.Instance);
        Tracker = new QualityTracker(Options.Create(new QualityOptions()), new EarlierForecasts(_log, clock, NullLogger<EarlierForecasts>.Instance));
        _file = new QualityFile(Tracker, folder.Path, clock, Log);
        _file.Load();
    }

    public QualityTracker Tracker { get; }

    public LogLines<QualityFile> Log { get; } = new();

    /// <summary>Forecasts of the steps from..to-1, each after its value has come. The log has them on disk within a second.</summary>
    public void Run(int from, int to, string name = "server")
    {
        for (var step = from; step < to; step++)
            See(step, name);
        _log.Flush();
    }

    /// <summary>A forecast after a step: of those that came since the last one none has a forecast of its own.</summary>
    public void See(int step, string name = "server")
    {
        var quantiles = Quantiles(First + step);
        Tracker.Forecast(Snapshot(name), new WindowInfo(First + step, TimeGrid.WindowSteps, TimeGrid.WindowSteps), Window(First + step), quantiles);
        _log.Take(name, First + step, quantiles);
    }

    public void Retire(string name = "server") => Tracker.Retired(Snapshot(name));

    public void Save() => _file.SaveIfChanged();

    /// <summary>What came of a metric's forecasts in the week that ends with a step, at both leads or at one.</summary>
    public OutcomeSums Of(Metric metric, int step, int? which = null)
    {
        var outcomes = new FleetOutcomes((int)((First + step) / TimeGrid.StepsPerDay));
        Tracker.AddTo(outcomes);
        return outcomes.Of(metric, which);
    }

    public void Dispose() => _file.Dispose();

    private static ServerSnapshot Snapshot(string name) => new()
    {
        Number = name[^1] % 16,
        Name = name,
        Id = name,
        Profile = ServerProfile.Generic,
        State = ServerState.Healthy,
        Current = MetricValues.Missing,
        LastRecordSeconds = 0,
        OriginSeconds = 0,
        KnownSteps = TimeGrid.WindowSteps,
        MeasuredSteps = TimeGrid.WindowSteps,
        Note = new ForecastNote(FallbackReasons.NoModel),
        Risk = ServerRisk.None,
    };

    private static float Value(long step, Metric metric) => metric switch
    {
        Metric.MemUsed => 60 + (8 * MathF.Sin(step * 0.11f)) + (step * 7919 % 13 / 4f),
        Metric.SwapUsed => 0,
        _ => (step - First + 4000) / 288f,
    };

    private static float[] Window(long last)
    {
        var values = new float[ForecastShape.WindowValues];
        Array.Fill(values, float.NaN);
        for (var i = 0; i < TimeGrid.WindowSteps; i++)
        {
            foreach (var metric in s_forecast)
                values[(i * MetricCatalog.Count) + (int)metric] = Value(last - TimeGrid.WindowSteps + 1 + i, metric);
        }

        return values;
    }

    private static float[] Quantiles(long origin)
    {
        var quantiles = new float[ForecastShape.PerServer];
        Array.Fill(quantiles, float.NaN);
        for (var ahead = 1; ahead <= ForecastShape.Steps; ahead++)
        {
            var target = origin + ahead;
            var memory = Value(target, Metric.MemUsed) + (origin * 31 % 7) - 3;
            Write(ahead, Metric.MemUsed, memory - 2, memory, memory + 1.5f);
            Write(ahead, Metric.SwapUsed, 0, (origin % 5 + ahead) * 0.37f, 40);
            var uptime = Value(target, Metric.UptimeDays);
            Write(ahead, Metric.UptimeDays, uptime, uptime, uptime);
        }

        return quantiles;

        void Write(int ahead, Metric metric, float p10, float p50, float p90)
        {
            var at = ForecastShape.At(ahead - 1, (int)metric);
            (quantiles[at], quantiles[at + 1], quantiles[at + 2]) = (p10, p50, p90);
        }
    }
}
