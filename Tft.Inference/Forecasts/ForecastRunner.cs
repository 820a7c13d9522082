using System.Diagnostics;
using Tft.Contract.Messages;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Fallback;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts;

/// <summary>
/// Forecasts what changed and publishes it, block by block: a block of 256 servers is published as soon as its last batch is done.
/// Used by one thread at a time.
/// </summary>
internal sealed partial class ForecastRunner(
    IFleetWindows windows,
    IForecaster forecaster,
    RiskEvaluator risk,
    SnapshotStore snapshots,
    OnlineBook online,
    IEnumerable<IForecastObserver> observers,
    ForecastTelemetry telemetry,
    TimeProvider time,
    ILogger<ForecastRunner> logger)
{
    private readonly IForecastObserver[] _observers = [.. observers];
    private readonly ForecastBatch _batch = new(forecaster.BatchSize);
    private readonly LoadMedians _loads = new();
    private int[] _changed = new int[SnapshotBlock.Size];
    private ModelInfo _model = forecaster.Model;
    private bool _wasWarm;

    /// <summary>Forecasts all servers whose closed buckets changed. Returns how many.</summary>
    public int RunChanged(CancellationToken cancellationToken)
    {
        var count = 0;
        EnsureRoom(windows.Count);
        while (windows.TakeChanged(_changed.AsSpan(count)) is var taken and > 0)
        {
            count += taken;
            if (count == _changed.Length)
                EnsureRoom(count * 2);
        }

        var servers = Distinct(_changed.AsSpan(0, count));
        Run(servers, windows.TakeLinks(), cancellationToken);
        return servers.Length;
    }

    /// <summary>
    /// What no closed bucket announces: newcomers, samples of servers that have no closed bucket yet, servers gone stale, back or retired, and
    /// another model, by which the whole fleet is forecast anew.
    /// </summary>
    public void Sweep(CancellationToken cancellationToken)
    {
        var snapshot = snapshots.Current;
        var now = time.GetUtcNow();
        var count = 0;
        EnsureRoom(windows.Count);
        var fleet = windows.Count;
        // A large fleet that has just begun would be forecast from its samples all the time, and its buckets would wait.
        var renewal = fleet <= SmallFleet ? 1 : 60;
        var model = forecaster.Model;
        var swapped = !ReferenceEquals(model, _model);
        _model = model;
        for (var first = 0; first < fleet; first += SnapshotBlock.Size)
        {
            BlockBuilder? remarked = null;
            var marks = 0;
            for (var server = first; server < Math.Min(fleet, first + SnapshotBlock.Size); server++)
            {
                var facts = windows.Facts(server);
                var published = snapshot.Find(server);
                if (swapped || published is null || published.Name != facts.Name || (published.KnownSteps == 0 && facts.LastRecordSeconds >= published.LastRecordSeconds + renewal))
                {
                    if (!facts.Retired && facts.Name.Length > 0)
                        _changed[count++] = server;
                }
                else if (facts.Retired)
                {
                    (remarked ??= BlockBuilder.Remarking(snapshot.BlockOf(published))).Remove(server);
                    marks++;
                    online.Retire(server);
                    foreach (var observer in _observers)
                        observer.Retired(published);
                    LogRetired(published.Name);
                }
                else if (IsStale(facts, now) != published.IsStale)
                {
                    (remarked ??= BlockBuilder.Remarking(snapshot.BlockOf(published))).Mark(published with { IsStale = !published.IsStale });
                    marks++;
                }
            }

            if (remarked is not null)
                snapshots.Publish(remarked.Build(now), marks, snapshot.RunDuration, snapshot.Run);
        }

        Run(_changed.AsSpan(0, count), [], cancellationToken);
    }

    private void Run(ReadOnlySpan<int> servers, IReadOnlyList<ActivityLink> links, CancellationToken cancellationToken)
    {
        if (servers.IsEmpty)
            return;
        using var activity = ForecastTelemetry.Source.StartActivity(ActivityKind.Internal, default, null, links, default, "forecast.run");
        activity?.SetTag("tft.servers", servers.Length);
        var started = time.GetTimestamp();
        online.Use(forecaster.Model.Version);
        while (!servers.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = servers[0] / SnapshotBlock.Size;
            var end = servers.IndexOfAnyInRange((block + 1) * SnapshotBlock.Size, int.MaxValue);
            var members = end < 0 ? servers : servers[..end];
            RunBlock(block, members, started, activity?.Context ?? default);
            servers = servers[members.Length..];
        }

        telemetry.Run(time.GetElapsedTime(started));
        LogWarmth();
    }

    private void RunBlock(int index, ReadOnlySpan<int> members, long started, ActivityContext run)
    {
        var snapshot = snapshots.Current;
        var old = index < snapshot.Blocks.Length ? snapshot.Blocks[index] : null;
        var size = Math.Max(old?.Servers.Length ?? 0, (members[^1] % SnapshotBlock.Size) + 1);
        var builder = BlockBuilder.From(index, old, size);
        var now = time.GetUtcNow();
        for (var rest = members; !rest.IsEmpty; rest = rest[Math.Min(_batch.Capacity, rest.Length)..])
        {
            _batch.Fill(windows, rest[..Math.Min(_batch.Capacity, rest.Length)]);
            for (var i = 0; i < _batch.Count; i++)
                _batch.Followed[i] = online.Begin(_batch.Servers[i], _batch.Facts[i].Name, _batch.Windows[i], _batch.Values(i));
            ForecastBatch();
            for (var i = 0; i < _batch.Count; i++)
            {
                telemetry.Forecast(_batch.Notes[i]);
                if (_batch.Followed[i] is { } followed)
                    online.End(followed, _batch.Quantiles(i));
                var server = Assess(i, snapshot.Find(_batch.Servers[i]), now);
                builder.Set(server, _batch.Quantiles(i));
                foreach (var observer in _observers)
                    observer.Forecast(server, _batch.Windows[i], _batch.Values(i), _batch.Quantiles(i));
            }
        }

        using var publish = ForecastTelemetry.Source.StartActivity("snapshot.publish");
        var published = snapshots.Publish(builder.Build(now), members.Length, time.GetElapsedTime(started), run);
        publish?.SetTag("tft.snapshot", published.Number);
        publish?.SetTag("tft.servers", members.Length);
    }

    private void ForecastBatch()
    {
        try
        {
            forecaster.Forecast(_batch);
        }
        catch (Exception e)
        {
            // Whatever an engine does, its servers are forecast: by the fallback, which says so.
            LogEngineFailed(e, _batch.Count);
            FallbackForecaster.Forecast(_batch, FallbackReasons.EngineFailed);
            foreach (var followed in _batch.Followed)
                followed?.Withdraw();
        }
    }

    private ServerSnapshot Assess(int i, ServerSnapshot? old, DateTimeOffset now)
    {
        var server = _batch.Servers[i];
        ref readonly var facts = ref _batch.Facts[i];
        var window = _batch.Windows[i];
        var known = window.KnownSteps > 0;
        var last = facts.Last;
        var measured = known ? _batch.Values(i)[^ForecastShape.Metrics..] : last;
        var loadMedian = _loads.Update(server, window, _batch.Values(i));
        var origin = known ? TimeGrid.StartSeconds(window.LastStep + 1) : facts.LastRecordSeconds;
        var reason = _batch.Notes[i].FallbackReason;
        var goesOn = old is not null && old.Name == facts.Name && old.Note.FallbackReason == reason;
        return new ServerSnapshot
        {
            Number = server,
            Name = facts.Name,
            Id = old is not null && old.Name == facts.Name ? old.Id : ServerId.FromName(facts.Name),
            Profile = facts.Profile,
            State = facts.State,
            Current = last,
            LastRecordSeconds = facts.LastRecordSeconds,
            OriginSeconds = origin,
            KnownSteps = window.KnownSteps,
            MeasuredSteps = window.MeasuredSteps,
            Note = _batch.Notes[i],
            FallbackSinceSeconds = reason is null ? null : goesOn ? old!.FallbackSinceSeconds : origin,
            Risk = risk.Evaluate(facts.Profile, measured, _batch.Quantiles(i), loadMedian),
            LoadMedian = loadMedian,
            IsStale = IsStale(facts, now),
        };
    }

    private static bool IsStale(in ServerFacts facts, DateTimeOffset now) =>
        now.ToUnixTimeSeconds() - facts.LastRecordSeconds > StaleAfterSeconds;

    private const long StaleAfterSeconds = 15 * 60;
    private const int SmallFleet = 2_000;

    private void EnsureRoom(int count)
    {
        if (_changed.Length < count)
            Array.Resize(ref _changed, Math.Max(count, _changed.Length * 2));
    }

    private static Span<int> Distinct(Span<int> servers)
    {
        servers.Sort();
        var kept = 0;
        for (var i = 0; i < servers.Length; i++)
        {
            if (i == 0 || servers[i] != servers[i - 1])
                servers[kept++] = servers[i];
        }

        return servers[..kept];
    }

    private void LogWarmth()
    {
        var warm = Warmup.Of(snapshots.Current.Totals).IsWarmedUp;
        if (warm && !_wasWarm)
            LogWarm();
        _wasWarm = warm;
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Model is WARMED UP")]
    private partial void LogWarm();

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "The engine failed on {Servers} servers; falling back to heuristic")]
    private partial void LogEngineFailed(Exception error, int servers);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Information, Message = "Server {Name} retired: no record for 7 days")]
    private partial void LogRetired(string name);
}
