using StackExchange.Redis;

namespace Tft.Inference.Journal.Redis;

/// <content>A partition's stream: what is added to it, read from it, and which id it gave last. By raw commands, which the clients of both package sets have.</content>
internal sealed partial class RedisJournal
{
    private async Task FenceAsync(IDatabase database, long sequence, CancellationToken cancellationToken)
    {
        var entry = new EntryBuilder();
        entry.Start(Entry.Fence, "", 0);
        Entry.SetSequence(entry.Written.Span, sequence);
        var bytes = entry.Written.ToArray();
        await Task.WhenAll(Enumerable.Range(0, Partitions.Count).Select(p => Add(database, p, sequence, bytes))).WaitAsync(_timeout, cancellationToken);
    }

    private static Task<RedisResult> Add(IDatabase database, int partition, long sequence, byte[] entry) =>
        database.ExecuteAsync("XADD", (RedisKey)RedisKeys.Log(partition), RedisKeys.Id(sequence), "e", entry);

    /// <summary>Applies what a stream has beyond a sequence number, page by page.</summary>
    private async Task<long> ReplayAsync(IDatabase database, int partition, long after, IJournalTarget target, CancellationToken cancellationToken)
    {
        const int page = 256;
        var replayed = 0L;
        while (true)
        {
            var answer = await database.ExecuteAsync("XRANGE", (RedisKey)RedisKeys.Log(partition), RedisKeys.Id(after + 1), "+", "COUNT", page)
                .WaitAsync(_timeout * 15, cancellationToken);
            var found = (RedisResult[])answer!;
            foreach (var item in found)
            {
                var pair = (RedisResult[])item!;
                after = RedisKeys.Sequence((string)pair[0]!);
                target.Replay(((byte[][])pair[1]!)[1]);
                replayed++;
            }

            if (found.Length < page)
                return replayed;
        }
    }

    private async Task<long> LastIdAsync(IDatabase database, int partition, CancellationToken cancellationToken)
    {
        try
        {
            var fields = (RedisResult[])(await database.ExecuteAsync("XINFO", "STREAM", (RedisKey)RedisKeys.Log(partition)).WaitAsync(_timeout, cancellationToken))!;
            var at = Array.FindIndex(fields, f => f is not null && IsText(f) && (string)f! == "last-generated-id");
            return RedisKeys.Sequence((string)fields[at + 1]!);
        }
        catch (RedisServerException e) when (e.Message.Contains("no such key", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        static bool IsText(RedisResult result)
        {
            try
            {
                return (string?)result is not null;
            }
            catch (InvalidCastException)
            {
                return false;
            }
        }
    }
}
