using MongoDB.Bson;
using MongoDB.Driver;
using Tft.Adapters.Hosting;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>What is asked for: a range of time by one kind of it, the further condition, oldest first, ties by <c>_id</c>.</summary>
internal sealed class MongoQuery
{
    private readonly BsonDocument? _condition;

    /// <exception cref="ConfigurationException">Filter or hint can't be read.</exception>
    public MongoQuery(MongoOptions options, string section)
    {
        Options = options;
        _condition = options.Filter.Length > 0 ? Parsed(options.Filter, $"{section}:Filter") : null;
        Hint = options.Hint.TrimStart().StartsWith('{') ? Parsed(options.Hint, $"{section}:Hint") : options.Hint.Length > 0 ? (BsonValue)options.Hint : null;
    }

    public MongoOptions Options { get; }

    public BsonValue? Hint { get; }

    public TimeSpan MaxTime => TimeSpan.FromSeconds(Options.CommandTimeout);

    public BsonDocument Condition => _condition ?? [];

    /// <param name="after">The last document that was read of the range: what follows it, by time and <c>_id</c>.</param>
    public BsonDocument Filter(string field, TimeKind kind, DateTimeOffset from, DateTimeOffset until, BsonDocument? after = null)
    {
        var range = new BsonDocument(field, new BsonDocument { { "$gte", kind.From(from) }, { "$lt", kind.From(until) } });
        if (after is not null && BsonRow.Nested(after, FieldPath.Parse(field)) is { } time)
        {
            range[field].AsBsonDocument.Set("$gte", time);
            if (after.TryGetValue("_id", out var id))
            {
                range.Add("$or", new BsonArray
                {
                    new BsonDocument(field, new BsonDocument("$gt", time)),
                    new BsonDocument("_id", new BsonDocument("$gt", id)),
                });
            }
        }

        return _condition is null ? range : new BsonDocument("$and", new BsonArray { range, _condition });
    }

    public FindOptions<BsonDocument, BsonDocument> Find(string field, BsonDocument? projection)
    {
        var find = new FindOptions<BsonDocument, BsonDocument>
        {
            BatchSize = Options.PageSize,
            Hint = Hint,
            MaxTime = MaxTime,
            Sort = new BsonDocument { { field, 1 }, { "_id", 1 } },
        };
        if (projection is not null)
            find.Projection = projection;
        return find;
    }

    private static BsonDocument Parsed(string json, string key)
    {
        try
        {
            return BsonDocument.Parse(json);
        }
        catch (FormatException e)
        {
            throw new ConfigurationException([$"{key} is not a JSON document: {e.Message}"]);
        }
        catch (MongoConfigurationException e)
        {
            throw new ConfigurationException([$"{key}: {e.Message}"]);
        }
    }
}
