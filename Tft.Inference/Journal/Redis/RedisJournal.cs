using StackExchange.Redis;

namespace Tft.Inference.Journal.Redis;

/// <summary>
/// The journal in Redis: for each partition a stream <c>tft:{p}:log</c> and a snapshot <c>tft:{p}:windows</c>. The id of a stream entry is its
/// sequence number, so Redis itself refuses whatever comes late or twice: a command that was on its way when the connection broke, or another writer.
/// </summary>
internal sealed partial class RedisJournal(string connectionString, Durability durability, ILogger<RedisJournal> logger, TimeSpan? timeout = null) : IJournal
{
    private readonly TimeSpan _timeout = timeout ?? TimeSpan.FromSeconds(2);
    private readonly PartitionSplitter _splitter = new();
    private readonly List<Task<RedisResult>> _pending = [];
    private readonly List<(int Partition, long Sequence)> _tried = [];
    private ConnectionMultiplexer? _connection;
    private long _logBytes;
    private readonly long[] _keptIn = new long[Partitions.Count];
    private long _kept;

    public string Kind => "redis";

    /// <summary>What Redis promises (appendfsync) is its own configuration; this is what we were told.</summary>
    public Durability Durability => durability;

    public bool IsUsable { get; private set; } = true;

    public bool WantsSnapshot { get; private set; }

    public long LogBytes => Interlocked.Read(ref _logBytes);

    /// <summary>Several may share a Redis: sequence numbers as ids keep them apart.</summary>
    public void Claim()
    {
    }

    public async Task<long> OpenAsync(IJournalTarget target, CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await ConnectAsync(cancellationToken);
            var database = _connection.GetDatabase();
            var last = 0L;
            var entries = 0L;
            for (var p = 0; p < Partitions.Count; p++)
            {
                var image = (byte[]?)await database.StringGetAsync(RedisKeys.Windows(p)).WaitAsync(_timeout * 15, cancellationToken);
                if (image is not null)
                    Restore(target, image, p);
                entries += await ReplayAsync(database, p, 0, target, cancellationToken);
                _keptIn[p] = await LastIdAsync(database, p, cancellationToken);
                last = Math.Max(last, _keptIn[p]);
            }

            _kept = last;
            LogReplayed(entries, last);
            // whatever an earlier process has still on its way is refused from here on
            await FenceAsync(database, last + 1, cancellationToken);
            return last + 1;
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Unavailable(e);
        }
    }

    public async ValueTask AppendAsync(IReadOnlyList<Memory<byte>> entries, CancellationToken cancellationToken)
    {
        if (_connection is not { IsConnected: true } connection)
        {
            IsUsable = false;
            throw new JournalUnavailableException("does not answer");
        }

        try
        {
            var database = connection.GetDatabase();
            _pending.Clear();
            _tried.Clear();
            foreach (var entry in entries)
            {
                var sequence = Entry.Sequence(entry.Span);
                foreach (var (partition, part) in _splitter.Split(entry.Span))
                {
                    _pending.Add(Add(database, partition, sequence, part));
                    _tried.Add((partition, sequence));
                    Interlocked.Add(ref _logBytes, part.Length);
                }
            }

            await Task.WhenAll(_pending).WaitAsync(_timeout, cancellationToken);
            _kept = Entry.Sequence(entries[^1].Span);
            foreach (var (partition, sequence) in _tried)
                _keptIn[partition] = sequence;
        }
        catch (Exception e) when (IsOutage(e))
        {
            IsUsable = false;
            throw Unavailable(e);
        }
    }

    /// <summary>
    /// First a fence with a higher number into every stream: nothing that is still on its way can land behind it. Then what did land is
    /// read and applied; then live windows and log say the same again.
    /// </summary>
    public async ValueTask<long> RepairAsync(IJournalTarget target, long fence, CancellationToken cancellationToken)
    {
        if (_connection is not { IsConnected: true } connection)
            throw new JournalUnavailableException("does not answer");
        try
        {
            var database = connection.GetDatabase();
            for (var p = 0; p < Partitions.Count; p++)
            {
                var last = await LastIdAsync(database, p, cancellationToken);
                fence = Math.Max(fence, last + 1);
                if (last < _keptIn[p] && !WantsSnapshot)
                {
                    WantsSnapshot = true;
                    LogLost();
                }
            }

            await FenceAsync(database, fence, cancellationToken);
            var found = 0L;
            for (var p = 0; p < Partitions.Count; p++)
            {
                found += await ReplayAsync(database, p, _kept, target, cancellationToken) - 1;
                _keptIn[p] = fence;
            }

            _kept = fence;
            IsUsable = true;
            LogRepaired(found);
            return fence;
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Redis flushes by itself.</summary>
    public void Sync()
    {
    }

    public async Task SaveSnapshotAsync(int partition, ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        try
        {
            await Database().StringSetAsync(RedisKeys.Windows(partition), image.ToArray()).WaitAsync(_timeout * 15, cancellationToken);
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Unavailable(e);
        }
    }

    public async Task TrimAsync(long covered, CancellationToken cancellationToken)
    {
        try
        {
            for (var p = 0; p < Partitions.Count; p++)
            {
                await Database().ExecuteAsync("XTRIM", (RedisKey)RedisKeys.Log(p), "MINID", "~", RedisKeys.Id(covered + 1))
                    .WaitAsync(_timeout, cancellationToken);
            }

            Interlocked.Exchange(ref _logBytes, 0);
            WantsSnapshot = false;
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Unavailable(e);
        }
    }

    public ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectRetry = 3;
        options.ConnectTimeout = (int)_timeout.TotalMilliseconds;
        options.ClientName = "tft-inference";
        var connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(_timeout * 3, cancellationToken);
        if (connection.IsConnected)
            return connection;
        connection.Dispose();
        throw new JournalUnavailableException("does not answer");
    }

    private IDatabase Database() => _connection?.GetDatabase() ?? throw new JournalUnavailableException("does not answer");

    private void Restore(IJournalTarget target, byte[] image, int partition)
    {
        try
        {
            target.Restore(image);
        }
        catch (InvalidDataException e)
        {
            LogDamagedSnapshot(RedisKeys.Windows(partition), e.Message);
        }
    }

    private static bool IsOutage(Exception e) =>
        e is RedisException or RedisServerException or TimeoutException or System.Net.Sockets.SocketException or ObjectDisposedException or IOException
        || (e is AggregateException many && many.InnerExceptions.All(IsOutage));

    private static JournalUnavailableException Unavailable(Exception e) =>
        new(e is RedisServerException ? $"refuses: {e.Message.TrimEnd('.')}" : "does not answer", e);

    [LoggerMessage(2221, LogLevel.Information, "Journal: replayed {Entries} entries from Redis, up to sequence {Last}")]
    private partial void LogReplayed(long entries, long last);

    [LoggerMessage(2223, LogLevel.Information, "Journal: Redis is back; {Entries} entries of unanswered appends were kept after all")]
    private partial void LogRepaired(long entries);

    [LoggerMessage(2225, LogLevel.Error, "Journal: Redis came back without entries that it had kept; snapshots of the live windows follow")]
    private partial void LogLost();

    [LoggerMessage(2224, LogLevel.Error, "Journal: the snapshot {Key} is damaged and ignored; what only it had is lost: {Reason}")]
    private partial void LogDamagedSnapshot(string key, string reason);
}
