using Tft.Contract.Messages;

namespace Tft.Inference.Alerts;

/// <summary>The silences that have been asked for. Guarded by the lock of its book.</summary>
internal sealed class Silences(TimeProvider time)
{
    private const int Maximum = 1000;

    private readonly List<SilenceInfo> _all = [];

    /// <summary>All, those that have ended included.</summary>
    public IReadOnlyList<SilenceInfo> All => _all;

    /// <summary>When the last one ends that covers this; null: none does.</summary>
    public DateTimeOffset? LastEnd(string server, string metric, string rule)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? until = null;
        foreach (var silence in _all)
        {
            if (Silence.Covers(silence, server, metric, rule, now) && (until is null || silence.EndsAt > until))
                until = silence.EndsAt;
        }

        return until;
    }

    /// <summary>False when there are too many.</summary>
    public bool TryAdd(SilenceInfo silence)
    {
        if (_all.Count >= Maximum)
            return false;
        _all.Add(silence);
        return true;
    }

    public void Restore(IEnumerable<SilenceInfo> saved) => _all.AddRange(saved);

    /// <summary>False when there is none of this id.</summary>
    public bool Remove(string id) => _all.RemoveAll(s => s.Id == id) > 0;

    /// <summary>True when some had ended.</summary>
    public bool DropEnded()
    {
        var now = time.GetUtcNow();
        return _all.RemoveAll(s => s.EndsAt <= now) > 0;
    }
}
