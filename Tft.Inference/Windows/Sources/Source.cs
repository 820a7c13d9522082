using System.Collections.Concurrent;
using System.Text;
using Tft.Contract.Messages;

namespace Tft.Inference.Windows.Sources;

/// <summary>Who pushes: what came from it, and how late it uses to be.</summary>
internal sealed class Source(int number, string name)
{
    private readonly ConcurrentDictionary<string, long> _rejected = new(StringComparer.Ordinal);
    private readonly DelayHistogram _delays = new();
    private long _records;
    private long _lastPushMs;
    private long _pauseMs = -1;
    private long _newest;

    public int Number => number;

    public string Name => name;

    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>Seconds after a bucket's end until it is closed without a later record: 30 s, or the source's p99 delay if that is more.</summary>
    public uint GraceSeconds { get; private set; } = MinGraceSeconds;

    public const uint MinGraceSeconds = 30;

    private const int PauseMemory = 8;

    /// <summary>Accepted records and duplicates, rejects not.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>A delay that was seen, seconds. One writer only.</summary>
    public void Observe(uint seconds, uint arrived)
    {
        if (seconds > _newest)
            Volatile.Write(ref _newest, seconds);
        var delay = (long)arrived - seconds;
        if (delay <= SourceSlot.MaxLateSeconds)
            _delays.Add((int)Math.Max(0, delay));
    }

    /// <summary>Takes the delays seen so far into the grace. One writer only.</summary>
    public void UpdateGrace() => GraceSeconds = Math.Max(MinGraceSeconds, (uint)_delays.Quantile(0.99));

    public void CountPush(long records, long nowMs)
    {
        Interlocked.Add(ref _records, records);
        var before = Interlocked.Exchange(ref _lastPushMs, nowMs);
        var last = nowMs - before;

        // requests of one batch, and of a back-fill, say nothing of the pause between batches
        if (before == 0 || last < 1000)
            return;

        // a mean that forgets; a lost race costs one of many
        var pause = Volatile.Read(ref _pauseMs);
        Volatile.Write(ref _pauseMs, pause < 0 ? last : pause + ((last - pause) / PauseMemory));
    }

    public void CountRejected(string code, long records) => _rejected.AddOrUpdate(code, records, (_, before) => before + records);

    /// <summary>For GET /status.</summary>
    public SourceInfo Info(DateTimeOffset now) => new()
    {
        Name = name,
        LastPush = DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _lastPushMs)),
        LagS = LagSeconds(now),
        PauseS = Volatile.Read(ref _pauseMs) is >= 0 and var pause ? Math.Round(pause / 1e3, 1) : null,
        Records = Records,
        Rejected = _rejected.Values.Sum(),
        RejectedByCode = new Dictionary<string, long>(_rejected),
    };

    /// <summary>How far the newest record that came lies behind now.</summary>
    public double LagSeconds(DateTimeOffset now) =>
        Volatile.Read(ref _newest) is > 0 and var newest ? Math.Max(0, Math.Round((now.ToUnixTimeMilliseconds() / 1e3) - newest, 1)) : 0;
}
