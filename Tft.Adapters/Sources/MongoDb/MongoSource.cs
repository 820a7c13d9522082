using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Tft.Adapters.Mapping;
using Tft.Contract.Records;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>
/// MongoDB: documents by time, ties by <c>_id</c>, in slices that a server can order in memory where no index does. A cursor that is lost on
/// the way (server restarted, primary stepped down, cursor killed) is opened again behind the last document. Nothing here writes.
/// </summary>
internal sealed partial class MongoSource(
    IMongoCollection<BsonDocument> collection, MongoQuery query, RecordMapper mapper, TimeProvider clock, ILogger<MongoSource> logger) : RowSource(mapper, clock)
{
    private const int Sample = 100;

    private static readonly TimeSpan s_slice = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_meansSlice = TimeSpan.FromHours(1);

    /// <summary>A collection's documents change their shape seldom, but they do.</summary>
    private static readonly TimeSpan s_looksAgain = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _clock = clock;
    private readonly MongoReads _reads = new(collection, logger);
    private CollectionShape? _shape;
    private DateTimeOffset _shapeAt;
    private bool _isAdvised;
    private bool _hasNoMeans;

    protected override async IAsyncEnumerable<IReadOnlyList<IRow>> RowsAsync(DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await ShapeAsync(cancellationToken).ConfigureAwait(false) is not { } shape)
            yield break;
        var rows = new List<IRow>();
        for (var start = from; start < until; start += s_slice)
        {
            var end = start + s_slice < until ? start + s_slice : until;
            await foreach (var document in SliceAsync(shape, start, end, cancellationToken).ConfigureAwait(false))
            {
                rows.Add(new BsonRow(document));
                if (rows.Count < query.Options.PageSize)
                    continue;
                yield return rows;
                rows = [];
            }
        }

        if (rows.Count > 0)
            yield return rows;
    }

    public override async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shape = await ShapeAsync(cancellationToken).ConfigureAwait(false);
        var start = range.From;
        if (!_hasNoMeans && shape is not null && MeansPipeline.For(Mapper, shape) is { } means)
        {
            for (; start < range.Until && !_hasNoMeans; start += s_meansSlice)
            {
                var end = start + s_meansSlice < range.Until ? start + s_meansSlice : range.Until;
                if (await MeansAsync(means, new BackfillRange(start, end, range.Servers), cancellationToken).ConfigureAwait(false) is not { } page)
                    break;
                yield return page;
            }
        }

        if (start >= range.Until)
            yield break;
        await foreach (var page in base.BackfillAsync(range with { From = start }, cancellationToken).ConfigureAwait(false))
            yield return page;
    }

    /// <summary>The means of a slice; null: this server doesn't know how.</summary>
    private async Task<SourcePage?> MeansAsync(MeansPipeline means, BackfillRange slice, CancellationToken cancellationToken)
    {
        var options = new AggregateOptions { AllowDiskUse = true, BatchSize = query.Options.PageSize, Hint = query.Hint, MaxTime = query.MaxTime };
        var faults = new List<MappingFault>();
        var records = new List<MetricRecord>();
        try
        {
            var results = await GroupsAsync(once: false).ConfigureAwait(false);
            if (MeansPipeline.HasTwice(results))
                results = await GroupsAsync(once: true).ConfigureAwait(false);
            foreach (var result in results)
            {
                if (means.Record(result, faults) is { } record && slice.Servers?.Contains(record.ServerName) != false)
                    records.Add(record);
            }
        }
        catch (SourceException e) when (e.InnerException is MongoCommandException { Code: not (MongoReads.Unauthorized or MongoReads.HintIsWrong) })
        {
            _hasNoMeans = true;
            Log.NoMeans(logger, e.Message);
            return null;
        }

        return new SourcePage(records, slice.Until) { Faults = faults };

        Task<List<BsonDocument>> GroupsAsync(bool once)
        {
            var stages = means.Stages(query, slice.From, slice.Until, slice.Servers, once);
            return _reads.AllAsync(() => collection.AggregateAsync<BsonDocument>(stages, options, cancellationToken), cancellationToken);
        }
    }

    /// <summary>The documents of a range in order of time, whatever kinds of time they keep.</summary>
    private async IAsyncEnumerable<BsonDocument> SliceAsync(CollectionShape shape, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lanes = shape.Times.Select(kind => _reads.RangeAsync(query, shape, kind, from, until, cancellationToken).GetAsyncEnumerator(cancellationToken)).ToList();
        try
        {
            for (var i = lanes.Count - 1; i >= 0; i--)
            {
                if (!await lanes[i].MoveNextAsync().ConfigureAwait(false))
                    await EndAsync(i).ConfigureAwait(false);
            }

            while (lanes.Count > 0)
            {
                var oldest = lanes.Count == 1 ? 0 : lanes.IndexOf(lanes.MinBy(lane => TimeOf(lane.Current, shape.TimeField))!);
                yield return lanes[oldest].Current;
                if (!await lanes[oldest].MoveNextAsync().ConfigureAwait(false))
                    await EndAsync(oldest).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var lane in lanes)
                await lane.DisposeAsync().ConfigureAwait(false);
        }

        async Task EndAsync(int i)
        {
            var ended = lanes[i];
            lanes.RemoveAt(i);
            await ended.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static DateTimeOffset TimeOf(BsonDocument document, string field) =>
        BsonRow.Nested(document, FieldPath.Parse(field)) is { } value && Times.TryRead(BsonRow.CellOf(value), out var time) ? time : DateTimeOffset.MinValue;

    private async Task<CollectionShape?> ShapeAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (_shape is not null && now - _shapeAt < s_looksAgain)
            return _shape;
        var name = collection.CollectionNamespace.FullName;
        _shape = CollectionShape.Of(await _reads.NewestAsync(query, Sample, cancellationToken).ConfigureAwait(false), Mapper.Plan, name);
        _shapeAt = now;
        if (_shape is not null && !_isAdvised)
        {
            _isAdvised = true;
            if (await _reads.IndexesAsync(cancellationToken).ConfigureAwait(false) is { } indexes && IndexAdvice.For(indexes, _shape.TimeField, collection.CollectionNamespace.CollectionName) is { } advice)
                Log.Advice(logger, advice.IsUrgent ? LogLevel.Warning : LogLevel.Information, advice.Text);
        }

        return _shape;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 240, Message = "MongoDB: {Advice}")]
        public static partial void Advice(ILogger logger, LogLevel level, string advice);

        [LoggerMessage(EventId = 241, Level = LogLevel.Information, Message = "The server can't average the history, so it is read as it stands: {Reason}")]
        public static partial void NoMeans(ILogger logger, string reason);
    }
}
