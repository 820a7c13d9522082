using System.Collections.Concurrent;

namespace Tft.Inference.Feed;

/// <summary>
/// Two token buckets for each key, of requests and of records, that hold two seconds' worth. Records are paid after the fact,
/// because nobody knows their number before the body is read: who went below zero waits until the debt is worked off.
/// </summary>
internal sealed class RateLimit(IngestOptions options, TimeProvider clock)
{
    private const double BurstSeconds = 2;

    private readonly ConcurrentDictionary<string, Budget> _keys = new(StringComparer.Ordinal);

    /// <summary>Null, or the seconds to wait.</summary>
    public int? Enter(string key)
    {
        var budget = _keys.GetOrAdd(key, static (_, o) => new Budget(o.RequestsPerSecond * BurstSeconds, o.RecordsPerSecond * BurstSeconds), options);
        lock (budget)
        {
            Refill(budget);
            if (options.RecordsPerSecond > 0 && budget.Records < 0)
                return Wait(-budget.Records / options.RecordsPerSecond);
            if (options.RequestsPerSecond > 0 && budget.Requests < 1)
                return Wait((1 - budget.Requests) / options.RequestsPerSecond);
            budget.Requests--;
            return null;
        }
    }

    public void Pay(string key, int records)
    {
        if (options.RecordsPerSecond == 0 || !_keys.TryGetValue(key, out var budget))
            return;
        lock (budget)
            budget.Records -= records;
    }

    private void Refill(Budget budget)
    {
        var now = clock.GetTimestamp();
        var seconds = budget.Refilled == 0 ? 0 : clock.GetElapsedTime(budget.Refilled, now).TotalSeconds;
        budget.Refilled = now;
        budget.Requests = Math.Min(budget.Requests + (seconds * options.RequestsPerSecond), options.RequestsPerSecond * BurstSeconds);
        budget.Records = Math.Min(budget.Records + (seconds * options.RecordsPerSecond), options.RecordsPerSecond * BurstSeconds);
    }

    private static int Wait(double seconds) => Math.Max(1, (int)Math.Ceiling(seconds));

    private sealed class Budget(double requests, double records)
    {
        public double Requests = requests;
        public double Records = records;
        public long Refilled;
    }
}
