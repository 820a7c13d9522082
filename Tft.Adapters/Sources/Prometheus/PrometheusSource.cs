using System.Runtime.CompilerServices;
using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources.Prometheus;

/// <summary>
/// Prometheus, and what speaks its query API (VictoriaMetrics, Mimir, Thanos): one range query a metric, on a grid of steps. History is
/// averaged by the store (<c>avg_over_time</c> of a subquery).
/// </summary>
internal sealed class PrometheusSource(PrometheusClient client, PrometheusOptions options, IReadOnlyList<PrometheusQuery> queries, MappingTrace trace, TimeProvider clock) : IMetricSource
{
    /// <summary>Steps of one request: 50 keep the answer of a thousand servers at some megabytes.</summary>
    private const int StepsPerPage = 50;

    /// <summary>How densely a bucket is looked at where it is averaged.</summary>
    private const string SubqueryStep = "30s";

    public bool HasHistory => true;

    public async IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = clock.GetUtcNow() - TimeSpan.FromSeconds(options.Delay);
        var until = Floor((settled < range.Until ? settled : range.Until).ToUnixTimeSeconds(), options.Step);
        var from = Floor(range.From.ToUnixTimeSeconds() + options.Step - 1, options.Step);
        for (var start = from; start <= until; start += StepsPerPage * options.Step)
        {
            var end = Math.Min(start + ((StepsPerPage - 1) * options.Step), until);
            var table = new SeriesTable(trace, $"label {options.Label}");
            await QueryAsync(table, start, end, options.Step, 0, q => q.Text, null, cancellationToken).ConfigureAwait(false);
            yield return new SourcePage(table.ToRecords(), DateTimeOffset.FromUnixTimeSeconds(end)) { Faults = table.Faults };
        }
    }

    public async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = TimeGrid.StepOf(range.Until);
        for (var step = TimeGrid.StepOf(range.From); step < last; step += StepsPerPage)
        {
            // A bucket's mean is what the subquery says in the bucket's last second: at its end the range would have the next bucket's first value too.
            var count = Math.Min(StepsPerPage, last - step);
            var table = new SeriesTable(trace, $"label {options.Label}");
            await QueryAsync(
                table, TimeGrid.StartSeconds(step + 1) - 1, TimeGrid.StartSeconds(step + count) - 1, TimeGrid.StepSeconds, 1 - TimeGrid.StepSeconds,
                static q => q.Metric.Rule == BucketRule.Last ? q.Text : $"avg_over_time(({q.Text})[5m:{SubqueryStep}])", range.Servers, cancellationToken).ConfigureAwait(false);
            yield return new SourcePage(table.ToRecords(), TimeGrid.StartOf(step + count)) { Faults = table.Faults };
        }
    }

    private async Task QueryAsync(
        SeriesTable table, long start, long end, int step, int shift, Func<PrometheusQuery, string> text, IReadOnlySet<string>? servers, CancellationToken cancellationToken)
    {
        foreach (var query in queries)
        {
            await client.QueryRangeAsync(
                text(query), query.Metric.Name, options.Label, start, end, step,
                (label, at, value) =>
                {
                    var server = ServerOf(label);
                    if (servers?.Contains(server) != false)
                        table.Add(server, at + shift, query.Metric, value, query.Text);
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private string ServerOf(string label)
    {
        var colon = label.LastIndexOf(':');
        return options.StripPort && colon > 0 && label.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? label[..colon] : label;
    }

    private static long Floor(long seconds, int step) => seconds / step * step;
}

/// <summary>A metric of the contract in PromQL.</summary>
internal sealed record PrometheusQuery(MetricDefinition Metric, string Text);
