using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Tft.Adapters.Sources;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>
/// MongoDB: one document a sample, with the contract's names (preset <c>tft</c>), and the index that the source reads by. A document's id is
/// server and second, so that one written twice is there once.
/// </summary>
internal sealed class MongoTarget(MongoClient client, string database, string collection, string timeField) : ISeedTarget
{
    private const int DuplicateKey = 11000;

    public Task PrepareAsync(CancellationToken cancellationToken) => RunAsync(new BsonDocument
    {
        { "createIndexes", collection },
        { "indexes", new BsonArray { new BsonDocument { { "key", new BsonDocument { { timeField, 1 }, { "_id", 1 } } }, { "name", $"{timeField}_1__id_1" } } } },
    }, cancellationToken);

    public async Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var options = new FindOptions<BsonDocument, BsonDocument> { Limit = 1, Sort = new BsonDocument(timeField, -1) };
        var found = await TryAsync(async () =>
        {
            using var cursor = await client.GetDatabase(database).GetCollection<BsonDocument>(collection).FindAsync(new BsonDocument(), options, cancellationToken).ConfigureAwait(false);
            return await cursor.ToListAsync(cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return found is [var newest] && newest.GetValue(timeField, BsonNull.Value) is BsonDateTime time ? DateTimeOffset.FromUnixTimeMilliseconds(time.MillisecondsSinceEpoch) : null;
    }

    public async Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(new BsonDocument { { "insert", collection }, { "ordered", false }, { "documents", new BsonArray(samples.Select(Document)) } }, cancellationToken).ConfigureAwait(false);
        var refused = answer.GetValue("writeErrors", new BsonArray()).AsBsonArray.Select(e => e.AsBsonDocument).Where(e => e["code"].ToInt32() != DuplicateKey).ToList();
        if (refused.Count > 0)
            throw new SourceException($"MongoDB refused {refused.Count} documents, the first: {refused[0]["errmsg"].AsString}") { Status = 400 };
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }

    private BsonDocument Document(MetricRecord sample)
    {
        var document = new BsonDocument
        {
            { "_id", string.Create(CultureInfo.InvariantCulture, $"{sample.ServerName}@{sample.Timestamp.ToUnixTimeSeconds()}") },
            { timeField, sample.Timestamp.UtcDateTime },
            { "server_name", sample.ServerName },
        };
        if (sample.State is { } state)
            document.Add("state", state.Name());
        if (sample.Profile is { } profile)
            document.Add("profile", profile.Name());
        foreach (var metric in MetricCatalog.All.Where(m => sample.Values.Has(m.Id)))
            document.Add(metric.Name, (double)sample.Values.Get(metric.Id));
        return document;
    }

    private Task<BsonDocument> RunAsync(BsonDocument command, CancellationToken cancellationToken) =>
        TryAsync(() => client.GetDatabase(database).RunCommandAsync<BsonDocument>(command, cancellationToken: cancellationToken));

    /// <summary>The driver's messages name hosts and codes, never passwords.</summary>
    private static async Task<T> TryAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is MongoException or TimeoutException)
        {
            // The server answered, and sending again would not help.
            throw new SourceException($"MongoDB: {e.Message}", e) { Status = e is MongoCommandException or MongoAuthenticationException ? 400 : null };
        }
    }
}
