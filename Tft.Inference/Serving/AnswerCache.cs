using System.Collections.Concurrent;

namespace Tft.Inference.Serving;

/// <summary>
/// The answers of the current snapshot by what was asked, so that the second client costs a copy. At most 64 questions and 128 MB; those of
/// older snapshots go first. Concurrent first askers wait for one making.
/// </summary>
internal sealed class AnswerCache
{
    private const int MaximumAnswers = 64;
    private const long MaximumBytes = 128L << 20;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public CachedAnswer Get(string question, long snapshot, Func<byte[]> make)
    {
        if (!_entries.TryGetValue(question, out var entry) || entry.Snapshot < snapshot)
        {
            var fresh = new Entry(snapshot, new Lazy<CachedAnswer>(() => new CachedAnswer(snapshot, make())));
            entry = _entries.AddOrUpdate(question, fresh, (_, old) => old.Snapshot >= snapshot ? old : fresh);
            if (ReferenceEquals(entry, fresh))
                Trim(snapshot);
        }

        // A reader that holds an older snapshot than the cache gets an answer of its own.
        return entry.Snapshot == snapshot ? entry.Answer.Value : new CachedAnswer(snapshot, make());
    }

    private void Trim(long snapshot)
    {
        if (_entries.Count <= MaximumAnswers && Bytes() <= MaximumBytes)
            return;
        foreach (var (question, entry) in _entries.OrderBy(e => e.Value.Snapshot).ToArray())
        {
            if (_entries.Count <= MaximumAnswers / 2 && Bytes() <= MaximumBytes / 2)
                return;
            if (entry.Snapshot < snapshot || _entries.Count > MaximumAnswers / 2)
                _entries.TryRemove(question, out _);
        }
    }

    private long Bytes() => _entries.Values.Sum(e => e.Answer.IsValueCreated ? e.Answer.Value.Bytes : 0);

    private sealed record Entry(long Snapshot, Lazy<CachedAnswer> Answer);
}
