using System.Runtime.CompilerServices;
using Tft.Adapters.Sources;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Time;

namespace Tft.Tests.Adapters;

/// <summary>A store in memory: rows may arrive late, out of order and twice; reading can be made to fail half way.</summary>
internal sealed class ScriptedSource : IMetricSource
{
    private readonly List<MetricRecord> _rows = [];

    public bool HasHistory { get; set; } = true;

    public int PageSize { get; set; } = 10;

    /// <summary>Pages that a read gives before it fails; null: it doesn't.</summary>
    public int? FailAfterPages { get; set; }

    public List<ReadRange> Reads { get; } = [];

    public List<BackfillRange> Backfills { get; } = [];

    public int PagesGiven;

    public void Add(string server, DateTimeOffset time, float cpu = 20) => _rows.Add(Row(server, time, cpu));

    public static MetricRecord Row(string server, DateTimeOffset time, float cpu = 20)
    {
        var values = MetricValues.Missing;
        values.Set(Metric.CpuUser, cpu);
        return new MetricRecord { ServerName = server, Timestamp = time, Values = values };
    }

    public async IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Reads.Add(range);
        var pages = 0;
        foreach (var page in _rows.Where(r => r.Timestamp >= range.From && r.Timestamp <= range.Until).OrderBy(r => r.Timestamp).Chunk(PageSize))
        {
            if (pages++ == FailAfterPages)
            {
                FailAfterPages = null;
                throw new SourceException("the store went away in mid-page");
            }

            await Task.Yield();
            PagesGiven++;
            yield return new SourcePage(page, page[^1].Timestamp);
        }
    }

    public async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Backfills.Add(range);
        for (var step = TimeGrid.StepOf(range.From); step < TimeGrid.StepOf(range.Until); step++)
        {
            var rows = _rows.Where(r => TimeGrid.StepOf(r.Timestamp) == step && (range.Servers is null || range.Servers.Contains(r.ServerName)))
                .GroupBy(r => r.ServerName)
                .Select(g => Row(g.Key, TimeGrid.StartOf(step), g.Average(r => r.Values.Get(Metric.CpuUser))))
                .ToArray();
            await Task.Yield();
            yield return new SourcePage(rows, TimeGrid.StartOf(step + 1));
        }
    }
}
