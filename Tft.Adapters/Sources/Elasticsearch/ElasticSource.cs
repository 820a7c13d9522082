using System.Runtime.CompilerServices;
using Tft.Adapters.Mapping;
using Tft.Contract.Records;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary>
/// Elasticsearch and OpenSearch: documents by time. History is averaged by the cluster where it can be, but for servers with documents that are there twice: those are read one by one, so that
/// each counts once.
/// </summary>
internal sealed class ElasticSource(ElasticClient client, ElasticOptions options, RecordMapper mapper, TimeProvider clock, ILogger<ElasticSource> logger) : RowSource(mapper, clock)
{
    /// <summary>Steps of a slice; fewer where so many servers have more means than fit into an answer, since each page looks at the whole slice again.</summary>
    private const int MostSteps = 12;

    private readonly ElasticDocuments _documents = new(client, options);
    private readonly ElasticMeans _means = new(client, options, mapper, logger);

    protected override IAsyncEnumerable<IReadOnlyList<IRow>> RowsAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        _documents.ReadAsync(SearchBody.Query(options, from, until), cancellationToken);

    public override async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = range.From;
        if (await _means.SearchAsync(range, cancellationToken).ConfigureAwait(false) is { } search)
        {
            for (var steps = MostSteps; start < range.Until;)
            {
                var end = start + (steps * TimeGrid.Step);
                var part = range with { From = start, Until = end < range.Until ? end : range.Until };
                if (await _means.SliceAsync(search, part, cancellationToken).ConfigureAwait(false) is not { } slice)
                    break;
                if (slice.HasUnnamed)
                {
                    await foreach (var page in base.BackfillAsync(part, cancellationToken).ConfigureAwait(false))
                        yield return page;
                }
                else
                    yield return await PageAsync(search, part, slice, cancellationToken).ConfigureAwait(false);
                start = part.Until;
                steps = Math.Clamp(search.Size * steps / Math.Max(1, slice.Buckets), 1, MostSteps);
            }
        }

        if (start >= range.Until)
            yield break;
        await foreach (var page in base.BackfillAsync(range with { From = start }, cancellationToken).ConfigureAwait(false))
            yield return page;
    }

    private async Task<SourcePage> PageAsync(MeansSearch search, BackfillRange part, MeansSlice slice, CancellationToken cancellationToken)
    {
        if (slice.Doubled.Count == 0)
            return new SourcePage(slice.Records, part.Until) { Faults = slice.Faults };
        List<MetricRecord> records = [.. slice.Records];
        var rows = _documents.ReadAsync(SearchBody.Query(options, part.From, part.Until, search.Only(slice.Doubled)), cancellationToken);
        await foreach (var page in MeansAsync(rows, part with { Servers = slice.Doubled }, cancellationToken).ConfigureAwait(false))
        {
            records.AddRange(page.Records);
            slice.Faults.AddRange(page.Faults);
        }

        return new SourcePage([.. records.OrderBy(r => r.Timestamp).ThenBy(r => r.ServerName, StringComparer.Ordinal)], part.Until) { Faults = slice.Faults };
    }
}
