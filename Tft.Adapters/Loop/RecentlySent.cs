using Tft.Contract.Records;

namespace Tft.Adapters.Loop;

/// <summary>
/// What has been acknowledged within the overlap, so that rows which are read again are not sent again. Only a saving: after a restart
/// it is empty, and the service drops what it has.
/// </summary>
internal sealed class RecentlySent
{
    private readonly Dictionary<string, HashSet<long>> _seconds = new(StringComparer.Ordinal);

    public bool Contains(MetricRecord record) =>
        _seconds.TryGetValue(record.ServerName, out var seconds) && seconds.Contains(record.Timestamp.ToUnixTimeSeconds());

    public void Add(IEnumerable<MetricRecord> records)
    {
        foreach (var record in records)
        {
            if (!_seconds.TryGetValue(record.ServerName, out var seconds))
                _seconds.Add(record.ServerName, seconds = []);
            seconds.Add(record.Timestamp.ToUnixTimeSeconds());
        }
    }

    /// <summary>Forgets what no read reaches any more.</summary>
    public void ForgetBefore(DateTimeOffset time)
    {
        var limit = time.ToUnixTimeSeconds();
        foreach (var (name, seconds) in _seconds)
        {
            seconds.RemoveWhere(s => s < limit);
            if (seconds.Count == 0)
                _seconds.Remove(name);
        }
    }
}
