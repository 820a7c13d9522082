using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Filters, sorts, projections, pipelines and commands: here always a document, which turns into each by itself.</summary>
public sealed class FilterDefinition<TDocument>
{
    private FilterDefinition(BsonDocument document) => Document = document;

    internal BsonDocument Document { get; }

    public static implicit operator FilterDefinition<TDocument>(BsonDocument document) => new(document);
}

public sealed class SortDefinition<TDocument>
{
    private SortDefinition(BsonDocument document) => Document = document;

    internal BsonDocument Document { get; }

    public static implicit operator SortDefinition<TDocument>(BsonDocument document) => new(document);
}

public sealed class ProjectionDefinition<TSource, TProjection>
{
    private ProjectionDefinition(BsonDocument document) => Document = document;

    internal BsonDocument Document { get; }

    public static implicit operator ProjectionDefinition<TSource, TProjection>(BsonDocument document) => new(document);
}

public sealed class PipelineDefinition<TInput, TOutput>
{
    private PipelineDefinition(BsonDocument[] stages) => Stages = stages;

    internal BsonDocument[] Stages { get; }

    public static implicit operator PipelineDefinition<TInput, TOutput>(BsonDocument[] stages) => new(stages);
}

public sealed class Command<TResult>
{
    private Command(BsonDocument document) => Document = document;

    internal BsonDocument Document { get; }

    public static implicit operator Command<TResult>(BsonDocument document) => new(document);
}

public class FindOptions<TDocument, TProjection>
{
    public bool? AllowDiskUse { get; set; }

    public int? BatchSize { get; set; }

    /// <summary>Name of an index, or its keys.</summary>
    public BsonValue? Hint { get; set; }

    public int? Limit { get; set; }

    public TimeSpan? MaxTime { get; set; }

    public ProjectionDefinition<TDocument, TProjection>? Projection { get; set; }

    public SortDefinition<TDocument>? Sort { get; set; }

    internal BsonDocument ToDocument()
    {
        var options = CommandOptions.Of(AllowDiskUse, BatchSize, Hint, MaxTime);
        if (Limit is { } limit)
            options.Add("limit", (long)limit);
        if (Projection is { } projection)
            options.Add("projection", projection.Document);
        if (Sort is { } sort)
            options.Add("sort", sort.Document);
        return options;
    }
}

public class FindOptions<TDocument> : FindOptions<TDocument, TDocument>;

public class AggregateOptions
{
    public bool? AllowDiskUse { get; set; }

    public int? BatchSize { get; set; }

    public BsonValue? Hint { get; set; }

    public TimeSpan? MaxTime { get; set; }

    internal BsonDocument ToDocument() => CommandOptions.Of(AllowDiskUse, BatchSize, Hint, MaxTime);
}

/// <summary>What find and aggregate have in common.</summary>
file static class CommandOptions
{
    public static BsonDocument Of(bool? allowDiskUse, int? batchSize, BsonValue? hint, TimeSpan? maxTime)
    {
        var options = new BsonDocument();
        if (allowDiskUse is { } disk)
            options.Add("allowDiskUse", disk);
        if (batchSize is { } batch)
            options.Add("batchSize", batch);
        if (hint is not null)
            options.Add("hint", hint);
        if (maxTime is { } time)
            options.Add("maxTimeMS", (long)time.TotalMilliseconds);
        return options;
    }
}
