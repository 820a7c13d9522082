using Tft.Adapters.Simulation;
using Tft.Adapters.Sources;
using Tft.Contract.Records;

namespace Tft.Adapters.Seeding;

/// <summary>
/// Writes a simulated fleet into a store: its past, all servers at each tick of a grid in UTC, and then what the clock brings. A store that
/// has samples of an earlier run gets only what is newer.
/// </summary>
internal sealed partial class Seeder(ISeedTarget target, SeedPlan plan, TimeProvider clock, ILogger<Seeder> logger)
{
    /// <summary>Samples of one write; a tick is never split.</summary>
    private const int BatchSize = 5000;

    private readonly SimulatedFleet _fleet = new(plan.Fleet);
    private long _next;

    /// <summary>The past up to now.</summary>
    public async Task<SeedSummary> FillAsync(CancellationToken cancellationToken)
    {
        await target.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        var begin = CeilingOf(now.AddHours(-plan.Hours));
        if (await target.NewestAsync(now, cancellationToken).ConfigureAwait(false) is { } newest)
            begin = Math.Max(begin, newest.ToUnixTimeSeconds() / plan.EverySeconds * plan.EverySeconds + plan.EverySeconds);
        _next = begin;
        var written = await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        return new SeedSummary(written, DateTimeOffset.FromUnixTimeSeconds(begin), DateTimeOffset.FromUnixTimeSeconds(_next - plan.EverySeconds));
    }

    /// <summary>Each tick as it comes, until cancelled. What could not be written is written with the next tick.</summary>
    public async Task GoOnAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(plan.EverySeconds), clock, cancellationToken).ConfigureAwait(false);
            try
            {
                await CatchUpAsync(cancellationToken).ConfigureAwait(false);
                if (failures > 0)
                    Log.Recovered(logger, failures);
                failures = 0;
            }
            catch (SourceException e)
            {
                if (failures++ == 0)
                    Log.Failed(logger, e.Message);
            }
        }
    }

    /// <summary>All ticks that are due; a tick counts as done when its batch is acknowledged.</summary>
    private async Task<long> CatchUpAsync(CancellationToken cancellationToken)
    {
        var written = 0L;
        var batch = new List<MetricRecord>();
        for (var tick = _next; tick <= clock.GetUtcNow().ToUnixTimeSeconds(); tick += plan.EverySeconds)
        {
            foreach (var server in _fleet.Servers)
            {
                if (_fleet.Sample(server, tick) is { } sample)
                    batch.Add(sample);
            }

            if (batch.Count + _fleet.Servers.Count > BatchSize || tick + plan.EverySeconds > clock.GetUtcNow().ToUnixTimeSeconds())
            {
                if (batch.Count > 0)
                    await target.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                written += batch.Count;
                batch = [];
                _next = tick + plan.EverySeconds;
            }
        }

        return written;
    }

    private long CeilingOf(DateTimeOffset time) => (time.ToUnixTimeSeconds() + plan.EverySeconds - 1) / plan.EverySeconds * plan.EverySeconds;

    private static partial class Log
    {
        [LoggerMessage(EventId = 220, Level = LogLevel.Warning, Message = "The store takes nothing; what is due is written when it does again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(EventId = 221, Level = LogLevel.Information, Message = "The store takes samples again, after {Failures} failed writes")]
        public static partial void Recovered(ILogger logger, int failures);
    }
}

/// <summary>What a store was filled with; times of the first and the last tick.</summary>
internal sealed record SeedSummary(long Samples, DateTimeOffset From, DateTimeOffset Until);
