using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elastic.Transport;
using Tft.Adapters.Mapping;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>
/// The documents of a query by time, page by page: through a point in time with search_after where there is a tie-break for it
/// (Elasticsearch from 7.12), else through a scroll. A search that missed a shard is an error, never a short page.
/// </summary>
internal sealed class ElasticDocuments(ElasticClient client, ElasticOptions options)
{
    private static readonly Version s_tieBreak = new(7, 12);

    private bool? _hasPointInTime;

    public async IAsyncEnumerable<IReadOnlyList<IRow>> ReadAsync(JsonObject query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _hasPointInTime ??= await HasPointInTimeAsync(cancellationToken).ConfigureAwait(false);
        var pages = _hasPointInTime.Value ? PointInTimeAsync(query, cancellationToken) : ScrollAsync(query, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
            yield return page;
    }

    private async Task<bool> HasPointInTimeAsync(CancellationToken cancellationToken)
    {
        using var root = await client.SendAsync(HttpMethod.GET, "", null, "the cluster's version", cancellationToken).ConfigureAwait(false);
        if (!root.RootElement.TryGetProperty("version", out var version) || !version.TryGetProperty("number", out var number))
            throw new SourceException("the address answers, but neither as Elasticsearch nor as OpenSearch");
        var isOpenSearch = version.TryGetProperty("distribution", out var distribution) && distribution.GetString() == "opensearch";
        return !isOpenSearch && Version.TryParse(number.GetString()!.Split('-')[0], out var v) && v >= s_tieBreak;
    }

    private async IAsyncEnumerable<IReadOnlyList<IRow>> PointInTimeAsync(JsonObject query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string id;
        using (var opened = await client.SendAsync(HttpMethod.POST, $"{options.IndexPath}/_pit?keep_alive={options.KeepAlive}&ignore_unavailable=true", null, $"opening {options.IndexPattern}", cancellationToken).ConfigureAwait(false))
            id = opened.RootElement.GetProperty("id").GetString()!;
        try
        {
            for (JsonElement? after = null; ;)
            {
                var body = SearchBody.Documents(options, query, id, after);
                using var answer = await client.SearchAsync("_search?allow_partial_search_results=false", body, cancellationToken).ConfigureAwait(false);
                var (rows, last) = Hits(answer.RootElement);
                if (rows.Count == 0)
                    yield break;
                // The id may change from page to page; the newest counts.
                id = answer.RootElement.TryGetProperty("pit_id", out var renewed) ? renewed.GetString() ?? id : id;
                after = last;
                yield return rows;
                if (rows.Count < options.PageSize)
                    yield break;
            }
        }
        finally
        {
            await CloseAsync("_pit", "id", id).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<IRow>> ScrollAsync(JsonObject query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? id = null;
        try
        {
            var first = $"{options.IndexPath}/_search?scroll={options.KeepAlive}&allow_partial_search_results=false&ignore_unavailable=true";
            for (var path = first; ; path = "_search/scroll")
            {
                var body = id is null ? SearchBody.Documents(options, query, null, null)
                    : (PostData)$$"""{"scroll":"{{options.KeepAlive}}","scroll_id":"{{JsonEncodedText.Encode(id)}}"}""";
                using var answer = await client.SearchAsync(path, body, cancellationToken).ConfigureAwait(false);
                id = answer.RootElement.TryGetProperty("_scroll_id", out var next) ? next.GetString() : id;
                var (rows, _) = Hits(answer.RootElement);
                if (rows.Count == 0 || id is null)
                    yield break;
                yield return rows;
            }
        }
        finally
        {
            if (id is not null)
                await CloseAsync("_search/scroll", "scroll_id", id).ConfigureAwait(false);
        }
    }

    private static (List<IRow> Rows, JsonElement? Last) Hits(JsonElement answer)
    {
        var rows = new List<IRow>();
        JsonElement? last = null;
        foreach (var hit in answer.GetProperty("hits").GetProperty("hits").EnumerateArray())
        {
            rows.Add(new JsonRow(hit.GetProperty("_source").Clone(), $"{hit.GetProperty("_index").GetString()}/{hit.GetProperty("_id").GetString()}"));
            last = hit.TryGetProperty("sort", out var sort) ? sort : null;
        }

        return (rows, last?.Clone());
    }

    /// <summary>Gives the cluster its memory back; when that fails it does so itself after the keep-alive.</summary>
    private async Task CloseAsync(string path, string property, string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            using var closed = await client.SendAsync(HttpMethod.DELETE, path, $$"""{"{{property}}":"{{JsonEncodedText.Encode(id)}}"}""", "closing the read", patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SourceException or OperationCanceledException)
        {
        }
    }
}
