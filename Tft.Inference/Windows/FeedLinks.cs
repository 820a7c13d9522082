using System.Diagnostics;

namespace Tft.Inference.Windows;

/// <summary>The newest feed spans whose records closed buckets: at most 128, what a forecast links to.</summary>
internal sealed class FeedLinks
{
    public const int Capacity = 128;

    private readonly Lock _gate = new();
    private readonly ActivityContext[] _ring = new ActivityContext[Capacity];
    private int _next;
    private int _count;

    public void Add(ActivityContext span)
    {
        if (span == default)
            return;
        lock (_gate)
        {
            _ring[_next] = span;
            _next = (_next + 1) % Capacity;
            _count = Math.Min(_count + 1, Capacity);
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ActivityLink> Take()
    {
        lock (_gate)
        {
            var links = new ActivityLink[_count];
            for (var i = 0; i < _count; i++)
                links[i] = new ActivityLink(_ring[(_next - _count + i + Capacity) % Capacity]);
            _count = 0;
            return links;
        }
    }
}
