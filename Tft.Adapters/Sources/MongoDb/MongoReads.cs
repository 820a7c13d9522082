using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>Reads of one collection; what fails is a <see cref="SourceException"/>, and what only passes is tried again.</summary>
internal sealed partial class MongoReads(IMongoCollection<BsonDocument> collection, ILogger logger)
{
    public const int Unauthorized = 13;
    public const int HintIsWrong = 2;

    /// <summary>The server would have to sort more than it may.</summary>
    private static readonly int[] s_sortTooLarge = [96, 292];

    private const int MostTries = 3;

    /// <summary>The documents of a range by time and <c>_id</c>. A cursor that is lost is opened again behind the last document.</summary>
    public async IAsyncEnumerable<BsonDocument> RangeAsync(MongoQuery query, CollectionShape shape, TimeKind kind, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncCursor<BsonDocument>? cursor = null;
        BsonDocument? last = null;
        var tries = 0;
        try
        {
            while (true)
            {
                IReadOnlyList<BsonDocument>? batch;
                try
                {
                    cursor ??= await collection.FindAsync(query.Filter(shape.TimeField, kind, from, until, last), query.Find(shape.TimeField, shape.Projection), cancellationToken).ConfigureAwait(false);
                    batch = await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false) ? [.. cursor.Current] : null;
                }
                catch (Exception e) when (IsPassing(e) && ++tries < MostTries)
                {
                    Log.Again(logger, e.Message);
                    cursor?.Dispose();
                    cursor = null;
                    continue;
                }
                catch (Exception e) when (IsStore(e))
                {
                    throw Failed(e);
                }

                if (batch is null)
                    yield break;
                tries = batch.Count > 0 ? 0 : tries;
                last = batch.Count > 0 ? batch[^1] : last;
                foreach (var document in batch)
                    yield return document;
            }
        }
        finally
        {
            cursor?.Dispose();
        }
    }

    /// <summary>All results of a query that is asked again as a whole.</summary>
    public async Task<List<BsonDocument>> AllAsync(Func<Task<IAsyncCursor<BsonDocument>>> open, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await (await open().ConfigureAwait(false)).ToListAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsPassing(e) && tries < MostTries)
            {
                Log.Again(logger, e.Message);
            }
            catch (Exception e) when (IsStore(e))
            {
                throw Failed(e);
            }
        }
    }

    /// <summary>Documents as they were written last; any, where the collection has no such order (a view).</summary>
    public async Task<List<BsonDocument>> NewestAsync(MongoQuery query, int count, CancellationToken cancellationToken)
    {
        Task<List<BsonDocument>> Read(BsonDocument? sort)
        {
            var options = new FindOptions<BsonDocument, BsonDocument> { BatchSize = count, Limit = count, MaxTime = query.MaxTime };
            if (sort is not null)
                options.Sort = sort;
            return AllAsync(() => collection.FindAsync(query.Condition, options, cancellationToken), cancellationToken);
        }

        try
        {
            return await Read(new BsonDocument("$natural", -1)).ConfigureAwait(false);
        }
        catch (SourceException e) when (e.InnerException is MongoCommandException { Code: not Unauthorized })
        {
            return await Read(null).ConfigureAwait(false);
        }
    }

    /// <summary>Null where they can't be listed: a view, no right to, no primary (which alone is asked).</summary>
    public async Task<List<BsonDocument>?> IndexesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AllAsync(() => collection.Indexes.ListAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (SourceException)
        {
            return null;
        }
    }

    /// <summary>What a second try may cure: a connection or a cursor that is gone, a member that is the primary no more.</summary>
    private static bool IsPassing(Exception e) =>
        e is MongoCursorNotFoundException or MongoNotPrimaryException or MongoNodeIsRecoveringException or (MongoConnectionException and not MongoAuthenticationException);

    private static bool IsStore(Exception e) => e is MongoException or TimeoutException or FormatException;

    /// <summary>The driver's messages name hosts and codes, never passwords.</summary>
    private SourceException Failed(Exception e)
    {
        var advice = e switch
        {
            MongoAuthenticationException => ": check username, password and auth_source",
            MongoCommandException { Code: Unauthorized } =>
                $": {(e.Message.Contains("requires authentication", StringComparison.Ordinal) ? "set username and password; " : "")}the user needs the role 'read' on {collection.CollectionNamespace.DatabaseName}",
            MongoCommandException { Code: var code } when s_sortTooLarge.Contains(code) => ": create an index on the time field and _id",
            MongoExecutionTimeoutException => ": create an index on the time field and _id, or raise command_timeout",
            TimeoutException => ": is the server started, and are host, port and tls right?",
            _ => "",
        };
        return new SourceException($"MongoDB: {e.Message.TrimEnd('.')}{advice}", e);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 242, Level = LogLevel.Information, Message = "MongoDB: reading goes on behind the last document: {Reason}")]
        public static partial void Again(ILogger logger, string reason);
    }
}
