using MongoDB.Bson;

namespace MongoDB.Driver.Native;

/// <summary>
/// A mongoc_cursor_t with the client that it reads through. Calls block, so each runs on a thread of its own; a caller that gives up leaves
/// it to run out (the socket's timeout bounds it) and what it holds is then freed.
/// </summary>
internal sealed class NativeCursor : IAsyncCursor<BsonDocument>
{
    private const int UsualBatch = 1000;

    private readonly Lock _lock = new();
    private readonly PoolLease _lease;
    private readonly CollectionNamespace _name;
    private readonly Func<nint, nint> _open;
    private readonly int _batch;
    private nint _collection;
    private nint _cursor;
    private List<BsonDocument>? _next;
    private bool _ended;
    private bool _busy;
    private bool _disposed;

    private NativeCursor(PoolLease lease, CollectionNamespace name, Func<nint, nint> open, int? batch)
    {
        _lease = lease;
        _name = name;
        _open = open;
        _batch = batch is > 0 ? batch.Value : UsualBatch;
    }

    public IEnumerable<BsonDocument> Current { get; private set; } = [];

    /// <summary>Sends the command and waits for the first batch.</summary>
    /// <param name="open">Makes the mongoc_cursor_t of a collection; it may block.</param>
    public static async Task<IAsyncCursor<BsonDocument>> OpenAsync(NativePool pool, CollectionNamespace name, Func<nint, nint> open, int? batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var cursor = new NativeCursor(pool.Lend(), name, open, batch);
        try
        {
            cursor._next = await cursor.RunAsync(cancellationToken).ConfigureAwait(false);
            return cursor;
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    public bool MoveNext(CancellationToken cancellationToken = default) => MoveNextAsync(cancellationToken).GetAwaiter().GetResult();

    public async Task<bool> MoveNextAsync(CancellationToken cancellationToken = default)
    {
        var batch = _next ?? (_ended ? [] : await RunAsync(cancellationToken).ConfigureAwait(false));
        _next = null;
        Current = batch;
        return batch.Count > 0;
    }

    /// <summary>Frees the cursor, at the server too.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (_busy)
                return;
        }

        Free();
    }

    private Task<List<BsonDocument>> RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_busy)
                throw new InvalidOperationException("The cursor is being read.");
            _busy = true;
        }

        var work = NativeThread.RunAsync(
            () =>
            {
                try
                {
                    return Fill();
                }
                finally
                {
                    Done();
                }
            });
        return work.WaitAsync(cancellationToken);
    }

    private void Done()
    {
        lock (_lock)
        {
            _busy = false;
            if (!_disposed)
                return;
        }

        Free();
    }

    private List<BsonDocument> Fill()
    {
        if (_cursor == 0)
        {
            _collection = NativeMethods.GetCollection(_lease.Client, _name.DatabaseName, _name.CollectionName);
            _cursor = _open(_collection);
        }

        var documents = new List<BsonDocument>();
        while (documents.Count < _batch)
        {
            if (NativeMethods.CursorNext(_cursor, out var document))
            {
                documents.Add(NativeDocument.Read(document));
                continue;
            }

            if (NativeMethods.CursorError(_cursor, out var error, out var reply))
                throw MongoErrors.From(error, reply == 0 ? null : NativeDocument.Read(reply), _lease.Pool);
            _ended = true;
            break;
        }

        return documents;
    }

    private void Free()
    {
        // Both take a null.
        NativeMethods.CursorDestroy(_cursor);
        NativeMethods.CollectionDestroy(_collection);
        _lease.Dispose();
    }
}
