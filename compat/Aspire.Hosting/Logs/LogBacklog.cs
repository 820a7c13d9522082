using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Logs;

/// <summary>The newest lines of one resource, and those who follow them.</summary>
internal sealed class LogBacklog
{
    /// <summary>What is kept per resource, and what a follower may lag behind before its oldest lines are dropped.</summary>
    public const int Capacity = 2000;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = [];
    private readonly List<Channel<LogLine>> _followers = [];
    private int _number;

    public void Add(string content, bool isError)
    {
        lock (_gate)
        {
            var line = new LogLine(++_number, content, isError);
            if (_lines.Count == Capacity)
                _lines.Dequeue();
            _lines.Enqueue(line);
            foreach (var follower in _followers)
                follower.Writer.TryWrite(line);
        }
    }

    public IReadOnlyList<LogLine> Tail(int count)
    {
        lock (_gate)
            return [.. _lines.TakeLast(count)];
    }

    public void Clear()
    {
        lock (_gate)
            _lines.Clear();
    }

    /// <summary>The kept lines, then each new one, in batches, until cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        IReadOnlyList<LogLine> kept;
        lock (_gate)
        {
            kept = [.. _lines];
            _followers.Add(channel);
        }

        try
        {
            if (kept.Count > 0)
                yield return kept;
            while (await channel.Reader.WaitToReadAsync(cancellationToken))
            {
                var batch = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                    batch.Add(line);
                yield return batch;
            }
        }
        finally
        {
            lock (_gate)
                _followers.Remove(channel);
        }
    }
}
