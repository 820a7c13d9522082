using System.Text.Json;
using System.Text.Json.Nodes;
using Tft.Adapters.Mapping;
using Tft.Contract.Records;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>Asks the cluster for five-minute means where mapping and indices allow it, and says once why where they don't.</summary>
internal sealed partial class ElasticMeans(ElasticClient client, ElasticOptions options, RecordMapper mapper, ILogger logger)
{
    private const int Sample = 100;

    private bool _isRefused;
    private bool _isSaid;

    /// <returns>Null: documents have to be read one by one.</returns>
    /// <exception cref="SourceException">The cluster can't be asked now.</exception>
    public async Task<MeansSearch?> SearchAsync(BackfillRange range, CancellationToken cancellationToken)
    {
        if (_isRefused)
            return null;
        var index = await IndexFields.ReadAsync(client, options, MeansFields.Wanted(mapper.Plan, options), cancellationToken).ConfigureAwait(false);
        // Nothing is there yet; what is missing is said where it is read.
        if (index.Indices == 0)
            return null;
        if (MeansFields.Of(mapper.Plan, index, options, out var reason) is not { } fields)
        {
            Say(reason);
            return null;
        }

        if (await NamesDifferAsync(fields, range, cancellationToken).ConfigureAwait(false) is { } difference)
        {
            Say(difference);
            return null;
        }

        return new MeansSearch(options, fields, mapper);
    }

    /// <returns>Null: the cluster refuses such a search, and would again.</returns>
    /// <exception cref="SourceException">The cluster can't be asked now.</exception>
    public async Task<MeansSlice?> SliceAsync(MeansSearch search, BackfillRange range, CancellationToken cancellationToken)
    {
        var slice = new MeansSlice();
        try
        {
            JsonNode? after = null;
            for (var from = range.From; ;)
            {
                var query = SearchBody.Query(options, from, range.Until, search.Only(range.Servers));
                using var answer = await client.SearchAsync(
                    $"{options.IndexPath}/_search?allow_partial_search_results=false&ignore_unavailable=true", search.Body(query, after), cancellationToken).ConfigureAwait(false);
                var page = search.Read(answer.RootElement);
                slice.Add(page, isFirst: after is null);
                if (page.Buckets < search.Size || page.After is null)
                    return slice;
                (from, after) = (page.Last > from ? page.Last : from, page.After);
            }
        }
        catch (SourceException e) when (e.Status is 400 or 429 || e.Message.Contains("too_many_buckets_exception", StringComparison.Ordinal) || e.Message.Contains("circuit_breaking_exception", StringComparison.Ordinal))
        {
            _isRefused = true;
            Say(e.Message);
            return null;
        }
    }

    /// <summary>What is grouped by may be another text than the document's (a normalizer); then history and live rows would be of two servers.</summary>
    private async Task<string?> NamesDifferAsync(MeansFields fields, BackfillRange range, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["size"] = Sample,
            ["track_total_hits"] = false,
            ["query"] = SearchBody.Query(options, range.From, range.Until),
            ["sort"] = new JsonArray { SearchBody.Of(options.TimeField, "desc") },
            ["docvalue_fields"] = new JsonArray { fields.Server },
        };
        using var answer = await client.SearchAsync($"{options.IndexPath}/_search?allow_partial_search_results=false&ignore_unavailable=true", body.ToJsonString(), cancellationToken).ConfigureAwait(false);
        foreach (var hit in answer.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray())
        {
            var there = new JsonRow(hit.GetProperty("_source"), "").TryGet(fields.ServerPath, out var cell) ? cell.ToString().Trim() : null;
            var grouped = hit.TryGetProperty("fields", out var values) && values.TryGetProperty(fields.Server, out var names) && names[0].ValueKind == JsonValueKind.String ? names[0].GetString() : null;
            if (there is not null && grouped is not null && there != grouped)
                return $"{fields.Server} holds '{grouped}' where the document says '{there}'";
        }

        return null;
    }

    private void Say(string reason)
    {
        if (!_isSaid)
            Log.Documents(logger, options.IndexPattern, reason);
        _isSaid = true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 243, Level = LogLevel.Information, Message = "The history of {Pattern} is read document by document and averaged here: {Reason}")]
        public static partial void Documents(ILogger logger, string pattern, string reason);
    }
}

/// <summary>The means of a slice of time.</summary>
internal sealed class MeansSlice
{
    public List<MetricRecord> Records { get; } = [];

    /// <summary>Servers with documents that are there twice: none of their means is among the records.</summary>
    public HashSet<string> Doubled { get; } = new(StringComparer.Ordinal);

    public List<MappingFault> Faults { get; } = [];

    /// <summary>There are documents without a server's name at the field to group by.</summary>
    public bool HasUnnamed { get; private set; }

    public int Buckets { get; private set; }

    public void Add(MeansPage page, bool isFirst)
    {
        HasUnnamed |= isFirst && page.Unnamed > 0;
        Buckets += page.Buckets;
        Faults.AddRange(page.Faults);
        Doubled.UnionWith(page.Doubled);
        Records.AddRange(page.Records);
        if (Doubled.Count > 0)
            Records.RemoveAll(r => Doubled.Contains(r.ServerName));
    }
}
