using System.Runtime.CompilerServices;
using Tft.Adapters.Mapping;
using Tft.Contract.Records;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources;

/// <summary>
/// A source whose store gives rows by time: what is left to write is <see cref="RowsAsync"/>. Rows are mapped and, where the plan
/// says so, merged; history is averaged here unless the store can do it (override <see cref="BackfillAsync"/>).
/// </summary>
internal abstract class RowSource(RecordMapper mapper, TimeProvider clock) : IMetricSource
{
    private readonly RowGroups _groups = new(mapper);

    public virtual bool HasHistory => true;

    protected RecordMapper Mapper => mapper;

    /// <summary>Rows with from &lt;= time &lt; until, oldest first, in pages of the store's size; ties in any order, but always the same.</summary>
    protected abstract IAsyncEnumerable<IReadOnlyList<IRow>> RowsAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);

    public async IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _groups.Clear();
        await foreach (var rows in RowsAsync(range.From, range.Until, cancellationToken).ConfigureAwait(false))
        {
            var faults = new List<MappingFault>();
            yield return Page(_groups.Take(rows, faults), faults);
        }

        // A span's other rows may still be on their way into the store: give them one more span of time.
        var late = new List<MappingFault>();
        var settled = clock.GetUtcNow() - TimeSpan.FromSeconds(mapper.Plan.MergeSeconds);
        if (_groups.Close(settled, late) is { Count: > 0 } closed)
            yield return Page(closed, late);
    }

    public virtual IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, CancellationToken cancellationToken) =>
        MeansAsync(RowsAsync(range.From, range.Until, cancellationToken), range, cancellationToken);

    /// <summary>Rows of the range, which are all that it has of these servers, as means.</summary>
    protected async IAsyncEnumerable<SourcePage> MeansAsync(IAsyncEnumerable<IReadOnlyList<IRow>> pages, BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var means = new BucketMeans(mapper.Trace);
        var groups = new RowGroups(mapper);
        await foreach (var rows in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var faults = new List<MappingFault>();
            Add(groups.Take(rows, faults));
            var newest = groups.HeldFrom ?? groups.Newest ?? range.From;
            var until = TimeGrid.StartOf(TimeGrid.StepOf(newest < range.Until ? newest : range.Until));
            var closed = means.Close(until);
            if (closed.Count > 0 || faults.Count > 0)
                yield return new SourcePage(closed, closed.Count > 0 ? until : null) { Faults = faults };
        }

        Add(groups.Close(range.Until.AddSeconds(mapper.Plan.MergeSeconds), []));
        yield return new SourcePage(means.Close(range.Until), range.Until);

        void Add(IReadOnlyList<MetricRecord> records)
        {
            foreach (var record in records)
            {
                if (range.Servers?.Contains(record.ServerName) != false)
                    means.Add(record);
            }
        }
    }

    /// <summary>Spans that are still open are read again, so the cursor stays at the start of the first.</summary>
    private SourcePage Page(IReadOnlyList<MetricRecord> records, List<MappingFault> faults)
    {
        var reached = _groups.HeldFrom is { } held && held < _groups.Newest ? held : _groups.Newest;
        return new SourcePage(records, reached) { Faults = faults };
    }
}
