namespace Tft.Adapters.Sources.Simulator;

/// <summary>
/// Time in the simulation. A factor works in the past only: once the simulation has caught up with the clock it goes on at 1x, since
/// the service refuses records from the future.
/// </summary>
internal sealed class SimulationClock(double speed, TimeSpan startAgo, TimeProvider clock)
{
    private DateTimeOffset? _origin;
    private DateTimeOffset _begun;

    public bool IsFaster => speed > 1;

    /// <summary>Where a fresh simulation begins.</summary>
    public DateTimeOffset Start => clock.GetUtcNow() - startAgo;

    /// <summary>Sets the simulated time from which a faster run counts; the first call alone matters.</summary>
    public void Begin(DateTimeOffset at)
    {
        if (_origin is not null)
            return;
        _origin = at;
        _begun = clock.GetUtcNow();
    }

    public DateTimeOffset Now
    {
        get
        {
            var now = clock.GetUtcNow();
            if (!IsFaster || _origin is not { } origin)
                return now;
            var simulated = origin + ((now - _begun) * speed);
            return simulated < now ? simulated : now;
        }
    }
}
