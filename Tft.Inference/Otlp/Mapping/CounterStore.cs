using System.Collections.Concurrent;
using Tft.Inference.Feed;

namespace Tft.Inference.Otlp.Mapping;

/// <summary>The last totals of each host. At most <c>Tft:MaxServers</c>: beyond that the silent ones go, and hosts without room have no rates.</summary>
internal sealed class CounterStore(IngestOptions options, OtlpTelemetry telemetry, TimeProvider clock)
{
    private static readonly TimeSpan s_silent = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, HostCounters> _hosts = new(StringComparer.Ordinal);
    private long _sweptAt;

    public int Count => _hosts.Count;

    public HostCounters Get(string host) => _hosts.GetValueOrDefault(host, HostCounters.None);

    /// <summary>Newer totals take the place of older ones, never the other way round.</summary>
    public void Put(string host, HostCounters counters)
    {
        if (_hosts.Count >= options.MaxServers && !_hosts.ContainsKey(host))
        {
            Sweep();
            if (_hosts.Count >= options.MaxServers)
            {
                telemetry.Untracked();
                return;
            }
        }

        _hosts.AddOrUpdate(host, static (_, c) => c, static (_, known, c) => c.Newest > known.Newest ? c : known, counters);
    }

    /// <summary>Once a minute at most: it looks at every host.</summary>
    private void Sweep()
    {
        var now = clock.GetUtcNow();
        var last = Interlocked.Read(ref _sweptAt);
        if (now.ToUnixTimeSeconds() - last < 60 || Interlocked.CompareExchange(ref _sweptAt, now.ToUnixTimeSeconds(), last) != last)
            return;
        var oldest = UnixNanoseconds.Of(now - s_silent);
        foreach (var (host, counters) in _hosts)
        {
            if (counters.Newest < oldest)
                _hosts.TryRemove(host, out _);
        }
    }
}

/// <summary>Times as OTLP has them.</summary>
internal static class UnixNanoseconds
{
    public const ulong PerSecond = 1_000_000_000;

    public static ulong Of(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
