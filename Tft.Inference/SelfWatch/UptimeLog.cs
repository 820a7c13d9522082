namespace Tft.Inference.SelfWatch;

/// <summary>When the service was up, for a little more than a day.</summary>
internal sealed class UptimeLog
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_kept = TimeSpan.FromHours(25);

    private readonly Lock _gate = new();
    private List<UpRun> _runs = [];

    public IReadOnlyList<UpRun> Runs
    {
        get
        {
            lock (_gate)
                return [.. _runs];
        }
    }

    /// <summary>Takes up the runs of earlier processes; this one's begins with the next <see cref="Up"/>.</summary>
    public void Restore(IReadOnlyList<UpRun> runs)
    {
        lock (_gate)
            _runs = [.. runs, .. _runs];
    }

    /// <summary>The service is up.</summary>
    /// <param name="started">Of this process.</param>
    /// <param name="now">Not before it.</param>
    public void Up(DateTimeOffset started, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_runs.Count > 0 && _runs[^1].From == started)
                _runs[^1] = new UpRun(started, now);
            else
                _runs.Add(new UpRun(started, now));

            // the first one says since when the service is there at all: it stays while it is the only one that reaches back a day
            while (_runs.Count > 1 && _runs[1].From <= now - s_kept)
                _runs.RemoveAt(0);
        }
    }

    /// <summary>Share of the last day, or of what there was of it since the first start; null until there was an hour.</summary>
    public double? ShareOfDay(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_runs.Count == 0)
                return null;
            var from = _runs[0].From > now - s_day ? _runs[0].From : now - s_day;
            if (now - from < TimeSpan.FromHours(1))
                return null;
            var up = _runs.Sum(r => Math.Max(0, (Least(r.To, now) - (r.From > from ? r.From : from)).TotalSeconds));
            return Math.Min(1, up / (now - from).TotalSeconds);
        }
    }

    private static DateTimeOffset Least(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>One process, from its start to when it was last seen.</summary>
internal sealed record UpRun(DateTimeOffset From, DateTimeOffset To);
