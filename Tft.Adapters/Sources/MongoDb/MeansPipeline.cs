using System.Collections.Immutable;
using System.Globalization;
using MongoDB.Bson;
using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary>
/// History on the five-minute grid, averaged by the server: means, for counts and uptime the last value, all states (the mapper takes the
/// worst). A value that is no number or outside its range is left out, as the mapper would. Every operator is known to MongoDB 3.6.
/// </summary>
internal sealed class MeansPipeline
{
    private const string Time = "timestamp";
    private const string Server = "server_name";
    private const string State = "state";
    private const string Profile = "profile";
    private const string Documents = "documents";
    private const string Times = "times";
    private const string IsTwice = "twice";

    private readonly RecordMapper _mapper;
    private readonly string _timeField;
    private readonly TimeKind _kind;
    private readonly BsonValue _milliseconds;
    private readonly List<(MetricDefinition Metric, FieldRule Rule)> _metrics;

    private MeansPipeline(RecordMapper mapper, string timeField, TimeKind kind, BsonValue milliseconds)
    {
        _mapper = mapper;
        _timeField = timeField;
        _kind = kind;
        _milliseconds = milliseconds;
        _metrics = [.. MetricCatalog.All.Select(m => (Metric: m, Rule: mapper.Plan.Fields.GetValueOrDefault(m.Name, new FieldRule()))).Where(m => m.Rule.Paths.Length > 0)];
    }

    /// <summary>Whether a mapping, on such documents, is one that the server can do: plain fields, numbers in them, a row a record.</summary>
    public static bool Suits(MappingPlan plan, IReadOnlyList<BsonDocument> sample)
    {
        var rules = plan.Fields.Values;
        var metrics = MetricCatalog.All.Select(m => plan.Fields.GetValueOrDefault(m.Name)).OfType<FieldRule>().Where(r => r.Paths.Length > 0).ToList();
        return plan.MergeSeconds == 0
            && rules.All(r => !r.Rate && r.Where.Length == 0 && r.Paths.All(p => p.Steps.All(s => s.Name is not null)))
            && plan.Fields.GetValueOrDefault(Server) is { Paths.Length: > 0 }
            // A result stands under its rule's first path: rules that share it must be alike.
            && metrics.GroupBy(r => r.Paths[0].Text).All(g => g.All(r => r.Paths.Select(p => p.Text).SequenceEqual(g.First().Paths.Select(p => p.Text))))
            && sample.All(d => metrics.All(r => r.Paths.Select(p => BsonRow.Nested(d, p)).FirstOrDefault(v => v is not null) is null or { IsNumeric: true }));
    }

    /// <returns>Null: the server can't do it for these documents.</returns>
    public static MeansPipeline? For(RecordMapper mapper, CollectionShape shape) =>
        shape.IsPlain && shape.Times is [var kind] && kind.Milliseconds(shape.TimeField) is { } milliseconds
            ? new MeansPipeline(mapper, shape.TimeField, kind, milliseconds)
            : null;

    /// <summary>Whether in one of these groups a server has two documents of one time, which both count in its means.</summary>
    public static bool HasTwice(IEnumerable<BsonDocument> results) => results.Any(r => r[IsTwice].ToBoolean());

    /// <param name="query">Whose further condition holds here too.</param>
    /// <param name="servers">Null: all.</param>
    /// <param name="once">Of a server's documents of one time only one counts; dearer, so asked for where <see cref="HasTwice"/>.</param>
    public BsonDocument[] Stages(MongoQuery query, DateTimeOffset from, DateTimeOffset until, IReadOnlySet<string>? servers, bool once = false)
    {
        var match = query.Filter(_timeField, _kind, from, until);
        var server = _mapper.Plan.Fields[Server];
        if (servers is not null && server.Rename.Count == 0 && server.Default is null && server.Constant is null)
        {
            var named = new BsonArray(server.Paths.Select(p => (BsonValue)new BsonDocument(p.Text, new BsonDocument("$in", new BsonArray(servers)))));
            match = new BsonDocument("$and", new BsonArray { match, new BsonDocument("$or", named) });
        }

        BsonDocument[] single = once
            ? [
                new BsonDocument("$group", new BsonDocument { { "_id", new BsonDocument { { "t", "$" + _timeField }, { "s", First(server.Paths) } } }, { "d", new BsonDocument("$first", "$$ROOT") } }),
                new BsonDocument("$replaceRoot", new BsonDocument("newRoot", "$d")),
            ]
            : [];
        const int StepMilliseconds = TimeGrid.StepSeconds * 1000;
        var group = new BsonDocument("_id", new BsonDocument
        {
            { "b", new BsonDocument("$subtract", new BsonArray { _milliseconds, new BsonDocument("$mod", new BsonArray { _milliseconds, StepMilliseconds }) }) },
            { "s", First(server.Paths) },
        });
        foreach (var (metric, rule) in _metrics)
        {
            var value = First(rule.Paths);
            var (least, most) = RecordMapper.Range(metric, rule);
            var isGood = new BsonDocument("$and", new BsonArray { new BsonDocument("$gte", new BsonArray { value, least }), new BsonDocument("$lte", new BsonArray { value, most }) });
            group.Add(metric.Name, metric.Rule == BucketRule.Last
                ? new BsonDocument("$max", new BsonDocument("$cond", new BsonArray { isGood, new BsonDocument { { "t", "$" + _timeField }, { "v", value } }, BsonNull.Value }))
                : new BsonDocument("$avg", new BsonDocument("$cond", new BsonArray { isGood, value, BsonNull.Value })));
        }

        foreach (var field in (string[])[State, Profile])
        {
            if (_mapper.Plan.Fields.GetValueOrDefault(field) is { Paths.Length: > 0 } rule)
                group.Add(field, new BsonDocument("$addToSet", First(rule.Paths)));
        }

        group.Add(Documents, new BsonDocument("$sum", 1));
        group.Add(Times, new BsonDocument("$addToSet", "$" + _timeField));
        return
        [
            new BsonDocument("$match", match),
            .. single,
            new BsonDocument("$group", group),
            new BsonDocument("$addFields", new BsonDocument(IsTwice, new BsonDocument("$gt", new BsonArray { "$" + Documents, new BsonDocument("$size", "$" + Times) }))),
            new BsonDocument("$project", new BsonDocument { { Documents, 0 }, { Times, 0 } }),
            new BsonDocument("$sort", new BsonDocument { { "_id.b", 1 }, { "_id.s", 1 } }),
        ];
    }

    /// <summary>The record of one group; null where it has no server, or no value.</summary>
    public MetricRecord? Record(BsonDocument result, List<MappingFault> faults)
    {
        var id = result["_id"].AsBsonDocument;
        var start = DateTimeOffset.FromUnixTimeMilliseconds((long)id["b"].ToDouble());
        var name = string.Create(CultureInfo.InvariantCulture, $"mean of {start:yyyy-MM-dd HH:mm}");
        var cells = new Dictionary<string, Cell>(StringComparer.OrdinalIgnoreCase) { [_mapper.Plan.Fields[Time].Paths[0].Text] = Cell.Of(start) };
        Put(cells, Server, id.GetValue("s", BsonNull.Value));
        foreach (var (metric, _) in _metrics)
        {
            var value = result.GetValue(metric.Name, BsonNull.Value);
            Put(cells, metric.Name, value is BsonDocument last ? last["v"] : value);
        }

        // Each further state or profile is a row of its own, as it was in the collection.
        var rows = new List<IRow> { new ColumnsRow(cells, name) };
        foreach (var field in (string[])[State, Profile])
        {
            foreach (var value in result.GetValue(field, new BsonArray()).AsBsonArray)
            {
                var cell = new Dictionary<string, Cell>(StringComparer.OrdinalIgnoreCase);
                Put(cell, field, value);
                rows.Add(new ColumnsRow(cell, name));
            }
        }

        return _mapper.TryKey(rows[0], faults, out var server, out var time) ? _mapper.Map(server, time, rows, faults) : null;
    }

    private void Put(Dictionary<string, Cell> cells, string field, BsonValue value)
    {
        if (!value.IsBsonNull)
            cells[_mapper.Plan.Fields[field].Paths[0].Text] = BsonRow.CellOf(value);
    }

    private static BsonValue First(ImmutableArray<FieldPath> paths)
    {
        BsonValue value = "$" + paths[^1].Text;
        for (var i = paths.Length - 2; i >= 0; i--)
            value = new BsonDocument("$ifNull", new BsonArray { "$" + paths[i].Text, value });
        return value;
    }
}
