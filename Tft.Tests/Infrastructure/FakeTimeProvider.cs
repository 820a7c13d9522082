namespace Tft.Tests.Infrastructure;

/// <summary>A clock that moves only when told. Timers due within an advance fire in order, each at its own time.</summary>
public sealed class FakeTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = start.ToUniversalTime();
    private long _order;

    /// <summary>Starts on a whole 5-minute step: 2026-03-02 08:00 UTC, a Monday.</summary>
    public FakeTimeProvider()
        : this(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are waiting: lets a test see that the code under test has begun to wait.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void SetUtcNow(DateTimeOffset value) => Advance(value - GetUtcNow());

    /// <exception cref="ArgumentOutOfRangeException">The step is negative: this clock never goes back.</exception>
    public void Advance(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero);
        DateTimeOffset target;
        lock (_gate) target = _now + step;

        while (true)
        {
            FakeTimer? due;
            lock (_gate)
            {
                due = _timers.Where(t => t.Due <= target).OrderBy(t => t.Due).ThenBy(t => t.Order).FirstOrDefault();
                if (due is null)
                {
                    _now = target;
                    return;
                }

                if (due.Due > _now) _now = due.Due;
                due.Reschedule();
            }

            due.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class FakeTimer(FakeTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private bool _disposed;

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool now;
            lock (clock._gate)
            {
                if (_disposed) return false;
                clock._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._now + dueTime;
                Order = clock._order++;
                now = dueTime <= TimeSpan.Zero;
                if (!now) clock._timers.Add(this);
                else Enqueue();
            }

            if (now) Fire();
            return true;
        }

        /// <summary>Called with the gate held: the next occurrence, or none.</summary>
        public void Reschedule()
        {
            clock._timers.Remove(this);
            Enqueue();
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Enqueue()
        {
            if (_period <= TimeSpan.Zero) return;
            Due = clock._now + _period;
            Order = clock._order++;
            clock._timers.Add(this);
        }
    }
}
