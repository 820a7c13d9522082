using System.Collections.Concurrent;
using System.Diagnostics;
using Tft.Contract.Time;
using Tft.Forecasting.State;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Journal;
using Tft.Inference.LongHistory;
using Tft.Inference.Models;
using Tft.Inference.Windows;

namespace Tft.Inference.State;

/// <summary>
/// Renews the states of the fleet, once a day each, at a time of day given by a hash of the name, within a budget of computing time. Tables are renewed first; with
/// them the coefficients where the budget reaches that far. What is left goes to servers that have no state yet, then to the oldest coefficients. Time is that of the records:
/// a silent server has nothing to renew, and a wrong clock changes nothing. Used by one thread.
/// </summary>
internal sealed partial class StateRenewal(
    StateBook book, StateFile file, StateSelection selection, PastStore past, IFleetWindows windows, ModelStore models, StateOptions options, TimeProvider time,
    ILogger<StateRenewal> logger) : IForecastObserver
{
    private const int Day = TimeGrid.StepsPerDay;
    private const int Hour = Day / 24;

    private readonly RenewalBudget _budget = new(options.CpuShare, time);
    private readonly ServerWeeks _weeks = new(past, windows);
    private readonly ConcurrentQueue<string> _retired = new();
    private readonly List<int> _due = [];
    private readonly List<int> _without = [];
    private readonly List<(int Step, int Server)> _old = [];
    private long _renewals;
    private volatile StateTally _tally = new(0, 0, 0, 0, 0, 0);

    /// <summary>Tables learned since the start.</summary>
    public long Renewals => Interlocked.Read(ref _renewals);

    /// <summary>As of the last run.</summary>
    public StateTally Tally => _tally;

    /// <summary>Renews what is due, as far as the budget goes.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        while (_retired.TryDequeue(out var name))
            file.Free(name);
        if (models.Current is not { } model || !selection.Uses(model) || !past.IsOpen)
            return;
        // what left a window a moment ago is in neither until it is written
        past.Flush();
        Look(model);
        foreach (var server in _due)
        {
            if (cancellationToken.IsCancellationRequested || !_budget.Allows)
                return;
            Renew(server, model, coefficients: _budget.AllowsCoefficients);
        }

        foreach (var server in _without)
        {
            if (cancellationToken.IsCancellationRequested || !_budget.Allows)
                return;
            Renew(server, model, coefficients: true);
        }

        _old.Sort();
        foreach (var (_, server) in _old)
        {
            if (cancellationToken.IsCancellationRequested || !_budget.AllowsCoefficients)
                return;
            Renew(server, model, coefficients: true);
        }
    }

    public void Forecast(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        // nothing to see: states come from what was measured
    }

    public void Retired(ServerSnapshot server)
    {
        book.Forget(server.Number);
        _retired.Enqueue(server.Name);
    }

    /// <summary>Sorts the fleet into what is due, what has no state, and whose coefficients are old; takes from the file what it has.</summary>
    private void Look(ServedModel model)
    {
        _due.Clear();
        _without.Clear();
        _old.Clear();
        var (week, weeks, fewDays, lag, waiting) = (0, 0, 0, 0, 0);
        for (var server = 0; server < Math.Min(book.Capacity, windows.Count); server++)
        {
            var seen = book.Seen(server);
            if (seen == 0)
                continue;
            var isDue = seen >= book.Next(server);
            var state = book.Find(server);
            if (state is null && isDue && file.Load(windows.Facts(server).Name) is { } kept)
            {
                book.Set(server, state = kept);
                book.LookAgainAt(server, NextAfter(kept.Step, server));
                isDue = seen >= book.Next(server);
            }

            if (state is null)
                fewDays++;
            else if (state.Days < past.MostSteps / Day)
                week++;
            else
                weeks++;
            if (state is null || state.Recipe != model.Recipe)
            {
                waiting++;
                if (isDue)
                    _without.Add(server);
            }
            else if (isDue)
            {
                lag = Math.Max(lag, Math.Min(seen - book.Next(server), seen - state.Step));
                _due.Add(server);
            }
            else if (state.CoefficientsStep + Day <= seen)
            {
                _old.Add((state.CoefficientsStep, server));
            }
        }

        _tally = new StateTally(fewDays, week, weeks, waiting, _due.Count, lag * (long)TimeGrid.StepSeconds);
    }

    private void Renew(int server, ServedModel model, bool coefficients)
    {
        var started = Stopwatch.GetTimestamp();
        var name = windows.Facts(server).Name;
        var seen = book.Seen(server);
        if (!_weeks.TryTake(server, name, WeeksLearner.FewestSteps))
        {
            var first = past.FirstStep(name);
            book.LookAgainAt(server, first == int.MaxValue ? seen + Hour : Math.Max(seen + Hour, Math.Min(first + WeeksLearner.FewestSteps, seen + Day)));
            return;
        }

        var old = book.Find(server) is { } known && known.Recipe == model.Recipe ? known : null;
        var all = coefficients || old is null || (_weeks.Moving & ~old.Metrics) != 0;
        try
        {
            if (Learn(model, all ? null : old) is { } state)
            {
                book.Set(server, state);
                file.Save(name, state);
                Interlocked.Increment(ref _renewals);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            // one server's history must not stop the others'
            LogFailed(e, name);
        }

        book.LookAgainAt(server, NextAfter(_weeks.LastStep, server));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (all)
            _budget.SpendOnAll(seconds);
        else
            _budget.SpendOnTables(seconds);
    }

    /// <summary>The state of the server that was taken; with the coefficients of an older one only its tables are learned.</summary>
    private WeeksState? Learn(ServedModel model, WeeksState? old)
    {
        var (networks, days) = (model.Networks.Model, _weeks.Steps / Day);
        if (old is not null)
        {
            var tables = WeeksLearner.LearnTables(networks, _weeks.Columns(old.Metrics), _weeks.FirstStep, 0, _weeks.Steps);
            return tables is null ? null : old with { Tables = tables, Step = _weeks.LastStep, Days = days };
        }

        var metrics = _weeks.Moving;
        if (metrics == 0 || WeeksLearner.Learn(networks, _weeks.Columns(metrics), _weeks.FirstStep, 0, _weeks.Steps) is not { Coefficients: { } own } learned)
            return null;
        return new WeeksState(metrics, _weeks.LastStep, days, model.Recipe, _weeks.LastStep, learned.Tables, own);
    }

    /// <summary>The first step after another one at which a server is renewed.</summary>
    private int NextAfter(int step, int server)
    {
        var phase = (int)(Crc32C.Compute(System.Text.Encoding.UTF8.GetBytes(windows.Facts(server).Name)) / Partitions.Count % Day);
        return step + 1 + (int)((uint)(phase + Day - ((step + 1) % Day)) % Day);
    }

    [LoggerMessage(2511, LogLevel.Error, "State: {Name} can't be learned from its history; it is forecast as before, and tried again in a day")]
    private partial void LogFailed(Exception error, string name);
}

/// <summary>How many servers are how far.</summary>
/// <param name="WithoutState">Forecast from their last day: too little history, or not yet learned.</param>
/// <param name="FewDays">With a state from fewer days than are kept.</param>
/// <param name="AllDays">With a state from all days that are kept.</param>
/// <param name="Waiting">Servers without coefficients for the model that forecasts.</param>
/// <param name="Due">States that are due and not renewed.</param>
/// <param name="LagSeconds">How long the one that waits longest is due.</param>
internal sealed record StateTally(int WithoutState, int FewDays, int AllDays, int Waiting, int Due, long LagSeconds);
