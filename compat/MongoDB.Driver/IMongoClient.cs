using MongoDB.Bson;

namespace MongoDB.Driver;

public interface IMongoClient : IDisposable
{
    IMongoDatabase GetDatabase(string name);
}

public interface IMongoDatabase
{
    IMongoCollection<TDocument> GetCollection<TDocument>(string name);

    /// <summary>A command to the primary.</summary>
    Task<TResult> RunCommandAsync<TResult>(Command<TResult> command, CancellationToken cancellationToken = default);
}

/// <summary>A collection for reading; there is no member that writes.</summary>
public interface IMongoCollection<TDocument>
{
    CollectionNamespace CollectionNamespace { get; }

    IMongoIndexManager<TDocument> Indexes { get; }

    Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(PipelineDefinition<TDocument, TResult> pipeline, AggregateOptions? options = null, CancellationToken cancellationToken = default);

    Task<IAsyncCursor<TProjection>> FindAsync<TProjection>(FilterDefinition<TDocument> filter, FindOptions<TDocument, TProjection>? options = null, CancellationToken cancellationToken = default);
}

public interface IMongoIndexManager<TDocument>
{
    Task<IAsyncCursor<BsonDocument>> ListAsync(CancellationToken cancellationToken = default);
}

/// <summary>Documents in batches.</summary>
public interface IAsyncCursor<out TDocument> : IDisposable
{
    IEnumerable<TDocument> Current { get; }

    bool MoveNext(CancellationToken cancellationToken = default);

    /// <returns>False: there is no further batch.</returns>
    Task<bool> MoveNextAsync(CancellationToken cancellationToken = default);
}

public static class IAsyncCursorExtensions
{
    /// <summary>All that is left; the cursor is disposed of.</summary>
    public static async Task<List<TDocument>> ToListAsync<TDocument>(this IAsyncCursor<TDocument> source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        using (source)
        {
            var all = new List<TDocument>();
            while (await source.MoveNextAsync(cancellationToken).ConfigureAwait(false))
                all.AddRange(source.Current);
            return all;
        }
    }
}

public class CollectionNamespace(string databaseName, string collectionName)
{
    public string DatabaseName => databaseName;

    public string CollectionName => collectionName;

    public string FullName => $"{databaseName}.{collectionName}";

    public override string ToString() => FullName;
}
