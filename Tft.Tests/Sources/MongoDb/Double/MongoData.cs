using System.Collections.Concurrent;
using MongoDB.Bson;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>Collections by database and name; members of a replica set share one.</summary>
internal sealed class MongoData
{
    private readonly ConcurrentDictionary<(string Database, string Name), MongoDataCollection> _collections = new();

    public MongoDataCollection Collection(string database, string name) => _collections.GetOrAdd((database, name), _ => new MongoDataCollection());

    public bool Has(string database, string name) => _collections.ContainsKey((database, name));

    public bool Drop(string database, string name) => _collections.TryRemove((database, name), out _);

    public void Drop(string database)
    {
        foreach (var key in _collections.Keys.Where(k => k.Database == database))
            _collections.TryRemove(key, out _);
    }
}

/// <summary>Documents in the order of their arrival.</summary>
internal sealed class MongoDataCollection
{
    private readonly Lock _lock = new();
    private readonly List<BsonDocument> _documents = [];
    private readonly HashSet<BsonValue> _ids = [];

    public List<BsonDocument> Indexes { get; } = [new BsonDocument { { "v", 2 }, { "key", new BsonDocument("_id", 1) }, { "name", "_id_" } }];

    public int Count
    {
        get
        {
            lock (_lock)
                return _documents.Count;
        }
    }

    /// <summary>Adds documents; one without <c>_id</c> gets an ObjectId.</summary>
    /// <returns>Positions of those whose <c>_id</c> was there: they are left out.</returns>
    public List<int> Add(params IEnumerable<BsonDocument> documents)
    {
        var refused = new List<int>();
        lock (_lock)
        {
            foreach (var (i, document) in documents.Index())
            {
                var whole = document.Contains("_id") ? document : new BsonDocument("_id", ObjectId.GenerateNewId()).AddRange(document.Elements);
                if (_ids.Add(whole["_id"]))
                    _documents.Add(whole);
                else
                    refused.Add(i);
            }
        }

        return refused;
    }

    public List<BsonDocument> Snapshot()
    {
        lock (_lock)
            return [.. _documents];
    }

    public bool HasIndex(BsonValue hint) =>
        (hint.IsBsonDocument && hint.AsBsonDocument.Names.First() == "$natural") || Indexes.Any(i => i["name"].Equals(hint) || i["key"].Equals(hint));
}

/// <summary>What open cursors have left; any connection may go on with one.</summary>
internal sealed class MongoCursors
{
    private readonly ConcurrentDictionary<long, (List<BsonDocument> Documents, int Next)> _open = new();
    private long _id = 7_000_000_000;

    public int Count => _open.Count;

    public long Add(List<BsonDocument> documents, int next)
    {
        var id = Interlocked.Increment(ref _id);
        _open[id] = (documents, next);
        return id;
    }

    /// <summary>The next documents; null: there is no such cursor (any more).</summary>
    public (IEnumerable<BsonDocument> Documents, bool IsOpen)? Take(long id, int count)
    {
        if (!_open.TryRemove(id, out var cursor))
            return null;
        var taken = cursor.Documents.Skip(cursor.Next).Take(count).ToList();
        var next = cursor.Next + taken.Count;
        var isOpen = next < cursor.Documents.Count;
        if (isOpen)
            _open[id] = (cursor.Documents, next);
        return (taken, isOpen);
    }

    public void Remove(long id) => _open.TryRemove(id, out _);

    /// <summary>As when they were idle for ten minutes.</summary>
    public void Clear() => _open.Clear();
}
