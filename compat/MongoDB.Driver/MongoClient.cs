using MongoDB.Bson;
using MongoDB.Driver.Native;

namespace MongoDB.Driver;

/// <summary>A pool of connections; made once, used by all threads, connected when first asked something.</summary>
public sealed class MongoClient : IMongoClient
{
    private readonly NativePool _pool;

    public MongoClient(string connectionString)
        : this(MongoClientSettings.FromConnectionString(connectionString))
    {
    }

    /// <exception cref="MongoConfigurationException">The settings can't be used, or the C driver is not installed.</exception>
    public MongoClient(MongoClientSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        NativeLibraries.Start();
        _pool = new NativePool(settings);
    }

    public IMongoDatabase GetDatabase(string name) => new Database(_pool, name);

    public void Dispose() => _pool.Dispose();

    private sealed class Database(NativePool pool, string name) : IMongoDatabase
    {
        public IMongoCollection<TDocument> GetCollection<TDocument>(string collection) => typeof(TDocument) == typeof(BsonDocument)
            ? (IMongoCollection<TDocument>)(object)new Collection(pool, new CollectionNamespace(name, collection))
            : throw new NotSupportedException($"The stand-in reads BsonDocument, not {typeof(TDocument).Name}.");

        public async Task<TResult> RunCommandAsync<TResult>(Command<TResult> command, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(command);
            var reply = await NativeThread.RunAsync(() => Run(command.Document)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return reply is TResult result ? result : throw new NotSupportedException($"The stand-in reads BsonDocument, not {typeof(TResult).Name}.");
        }

        private unsafe BsonDocument Run(BsonDocument command)
        {
            using var lease = pool.Lend();
            using var native = new NativeDocument(command);
            // A bson_t, which wants to lie on a border of its size.
            var memory = stackalloc byte[256];
            var reply = (byte*)(((nint)memory + 127) & ~127);
            var done = NativeMethods.RunCommand(lease.Client, name, native.Handle, 0, 0, reply, out var error);
            try
            {
                var document = NativeDocument.Read((nint)reply);
                return done ? document : throw MongoErrors.From(error, document, pool);
            }
            finally
            {
                NativeMethods.BsonDestroy((nint)reply);
            }
        }
    }

    private sealed class Collection(NativePool pool, CollectionNamespace name) : IMongoCollection<BsonDocument>, IMongoIndexManager<BsonDocument>
    {
        public CollectionNamespace CollectionNamespace => name;

        public IMongoIndexManager<BsonDocument> Indexes => this;

        public async Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(PipelineDefinition<BsonDocument, TResult> pipeline, AggregateOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(pipeline);
            return (IAsyncCursor<TResult>)await NativeCursor.OpenAsync(pool, name, Open, options?.BatchSize, cancellationToken).ConfigureAwait(false);

            nint Open(nint collection)
            {
                using var stages = new NativeDocument(new BsonDocument("pipeline", new BsonArray(pipeline.Stages)));
                using var settings = new NativeDocument((options ?? new AggregateOptions()).ToDocument());
                return NativeMethods.Aggregate(collection, 0, stages.Handle, settings.Handle, 0);
            }
        }

        public async Task<IAsyncCursor<TProjection>> FindAsync<TProjection>(FilterDefinition<BsonDocument> filter, FindOptions<BsonDocument, TProjection>? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(filter);
            return (IAsyncCursor<TProjection>)await NativeCursor.OpenAsync(pool, name, Open, options?.BatchSize, cancellationToken).ConfigureAwait(false);

            nint Open(nint collection)
            {
                using var condition = new NativeDocument(filter.Document);
                using var settings = new NativeDocument((options ?? new FindOptions<BsonDocument, TProjection>()).ToDocument());
                return NativeMethods.Find(collection, condition.Handle, settings.Handle, 0);
            }
        }

        public Task<IAsyncCursor<BsonDocument>> ListAsync(CancellationToken cancellationToken = default) =>
            NativeCursor.OpenAsync(pool, name, collection => NativeMethods.FindIndexes(collection, 0), null, cancellationToken);
    }
}
