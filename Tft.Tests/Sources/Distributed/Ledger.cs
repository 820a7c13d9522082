using Tft.Contract.Time;

namespace Tft.Tests.Sources.Distributed;

/// <summary>
/// What the service must hold: every sample once, by server and second, averaged on the five-minute grid. The second row of one second is a
/// duplicate.
/// </summary>
internal sealed class Ledger
{
    private readonly Dictionary<(string Server, long Second), Sample> _samples = [];

    public int Count => _samples.Count;

    public void Add(IEnumerable<Sample> samples)
    {
        foreach (var sample in samples)
            _samples.TryAdd((sample.Server, sample.Second), sample);
    }

    /// <summary>The buckets from one step to another, both inclusive.</summary>
    public Dictionary<(string Server, long Step), BucketValues> Buckets(long first, long last) => _samples.Values
        .GroupBy(s => (s.Server, Step: TimeGrid.StepOf(s.Second)))
        .Where(g => g.Key.Step >= first && g.Key.Step <= last)
        .ToDictionary(g => g.Key, g => new BucketValues(
            g.Average(s => s.Cpu),
            g.Average(s => s.Mem),
            g.Where(s => s.CloseWait is not null).MaxBy(s => s.Second)?.CloseWait));
}

/// <summary>One server's bucket; null where nothing was measured.</summary>
internal sealed record BucketValues(double? Cpu, double? Mem, double? CloseWait)
{
    /// <summary>Single precision, and two decimals in some stores.</summary>
    private const double Rounding = 0.006;

    public bool IsLike(BucketValues other) => Like(Cpu, other.Cpu) && Like(Mem, other.Mem) && Like(CloseWait, other.CloseWait);

    private static bool Like(double? a, double? b) => a is null ? b is null : b is not null && Math.Abs(a.Value - b.Value) <= Rounding;
}
