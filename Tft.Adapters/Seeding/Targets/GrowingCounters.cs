namespace Tft.Adapters.Seeding.Targets;

/// <summary>
/// Rates turned into the counters that agents keep: each adds rate x time between two samples; one not measured goes on as before. What a
/// store did not take is undone, so that the same samples give the same counters when they are sent again.
/// </summary>
internal sealed class GrowingCounters(int everySeconds)
{
    private readonly Dictionary<(string Server, string Counter), (double Total, float Rate)> _kept = [];
    private readonly Dictionary<(string Server, string Counter), (double Total, float Rate)> _new = [];

    /// <summary>Begins a batch, from what the store has.</summary>
    public void Begin() => _new.Clear();

    /// <summary>The store has the batch.</summary>
    public void Keep()
    {
        foreach (var (key, entry) in _new)
            _kept[key] = entry;
    }

    /// <param name="perSecond">NaN: not measured.</param>
    /// <returns>The counter after this sample.</returns>
    public double Add(string server, string counter, float perSecond)
    {
        var key = (server, counter);
        var entry = _new.TryGetValue(key, out var now) ? now : _kept.GetValueOrDefault(key);
        if (!float.IsNaN(perSecond))
            entry.Rate = perSecond;
        entry.Total += (double)entry.Rate * everySeconds;
        _new[key] = entry;
        return entry.Total;
    }
}
