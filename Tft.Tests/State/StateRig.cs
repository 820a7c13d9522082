using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Data;
using Tft.Inference.Forecasts;
using Tft.Inference.Models;
using Tft.Inference.State;
using Tft.Inference.Windows;
using Tft.Tests.Infrastructure;
using Tft.Tests.LongHistory;
using Tft.Tests.Models;

namespace Tft.Tests.State;

/// <summary>Windows, history, states and forecaster, as one start of the service has them over a folder; make another over the same folder to restart.</summary>
internal sealed class StateRig : IDisposable
{
    public const string Version = "tft_model_20260101_000000";

    private readonly ForecastBatch _batch = new(ForecastBatch.UsualCapacity);
    private readonly ForecastThreads _threads;
    private readonly TftForecaster _forecaster;

    public StateRig(string folder, StateUse use = StateUse.Weeks, double share = 1, Tft.Inference.LongHistory.WriteAt? write = null)
    {
        var models = Path.Combine(folder, "models");
        if (!Directory.Exists(models))
            TinyModel.Save(models, Version, WeeksModel.Model);
        Past = new PastRig(Path.Combine(folder, "history"));
        var options = new ModelOptions(ModelOptions.Latest, models, 1, TimeSpan.Zero);
        Models = new ModelStore(options, Clock, NullLogger<ModelStore>.Instance);
        var state = new StateOptions(use, share, Path.Combine(folder, "state.tft"));
        Selection = new StateSelection(Book, state);
        File = new StateFile(state.Path, Log, write);
        File.Open(Past.Store.MostSteps);
        Renewal = new StateRenewal(Book, File, Selection, Past.Store, Past.Driver.Windows, Models, state, Clock, NullLogger<StateRenewal>.Instance);
        _threads = new ForecastThreads(options);
        _forecaster = new TftForecaster(Models, options, _threads, NullLogger<TftForecaster>.Instance, Selection);
    }

    public FakeTimeProvider Clock { get; } = new();

    public StateBook Book { get; } = new();

    public Lines Log { get; } = new();

    public PastRig Past { get; }

    public ModelStore Models { get; }

    public StateSelection Selection { get; }

    public StateFile File { get; }

    public StateRenewal Renewal { get; }

    public FleetWindows Windows => Past.Driver.Windows;

    /// <summary>Records of the steps from..to-1 of a server.</summary>
    public void Feed(ServerSeries series, int from, int to)
    {
        for (var t = from; t < to; t++)
        {
            var values = MetricValues.Missing;
            for (var m = 0; m < series.Metrics; m++)
                values[m] = series.Values[m][t];
            values.Set(Metric.UptimeDays, t / 288f);
            Past.Driver.Feed(series.Name, (uint)TimeGrid.StartSeconds(series.FirstStep + t), values);
        }

        // the open bucket closes when its grace is over
        Windows.CloseDue((uint)TimeGrid.StartSeconds(series.FirstStep + to) + 60);
    }

    /// <summary>Forecasts servers as the service does: [96 x 14 x 3] of the first.</summary>
    public float[] Forecast(params int[] servers)
    {
        _batch.Fill(Windows, servers);
        _forecaster.Forecast(_batch);
        Assert.All(_batch.Notes.ToArray(), note => Assert.Equal("TFT", note.ModelType));
        return _batch.Quantiles(0).ToArray();
    }

    /// <summary>Renews as the service does in the background.</summary>
    public void Renew() => Renewal.Run(default);

    public void Dispose()
    {
        _threads.Dispose();
        File.Dispose();
        Past.Dispose();
    }

    /// <summary>What was logged.</summary>
    internal sealed class Lines : ILogger<StateFile>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
