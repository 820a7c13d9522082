using System.Runtime.CompilerServices;
using System.Text.Json;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources.Http;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources.InfluxDb;

/// <summary>InfluxDB of any version: one aggregating query a metric, on a grid of steps; history on the five-minute grid by the same queries.</summary>
internal sealed class InfluxSource(HttpStore store, IInfluxDialect dialect, IReadOnlyList<InfluxField> fields, InfluxOptions options, MappingTrace trace, TimeProvider clock) : IMetricSource
{
    private const int StepsPerPage = 50;

    public bool HasHistory => true;

    public async IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = clock.GetUtcNow() - TimeSpan.FromSeconds(options.Delay);
        var until = (settled < range.Until ? settled : range.Until).ToUnixTimeSeconds() / options.Step * options.Step;
        var from = (range.From.ToUnixTimeSeconds() + options.Step - 1) / options.Step * options.Step;
        for (var start = from; start < until; start += StepsPerPage * options.Step)
        {
            var end = Math.Min(start + (StepsPerPage * options.Step), until);
            var table = await QueryAsync(start, end, options.Step, null, cancellationToken).ConfigureAwait(false);
            yield return new SourcePage(table.ToRecords(), DateTimeOffset.FromUnixTimeSeconds(end)) { Faults = table.Faults };
        }
    }

    public async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = TimeGrid.StepOf(range.Until);
        for (var step = TimeGrid.StepOf(range.From); step < last; step += StepsPerPage)
        {
            var end = Math.Min(step + StepsPerPage, last);
            var table = await QueryAsync(TimeGrid.StartSeconds(step), TimeGrid.StartSeconds(end), TimeGrid.StepSeconds, range.Servers, cancellationToken).ConfigureAwait(false);
            yield return new SourcePage(table.ToRecords(), TimeGrid.StartOf(end)) { Faults = table.Faults };
        }
    }

    private async Task<SeriesTable> QueryAsync(long from, long until, int step, IReadOnlySet<string>? servers, CancellationToken cancellationToken)
    {
        var table = new SeriesTable(trace, $"tag {options.HostTag}");
        foreach (var field in fields)
        {
            using var request = dialect.Request(field, from, until, step);
            using var response = await store.SendAsync(request, field.Metric.Name, cancellationToken).ConfigureAwait(false);
            try
            {
                dialect.Read(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false), (server, at, value) =>
                {
                    // Counters are read from one span earlier; that span is not asked for.
                    if (at >= from && at < until && servers?.Contains(server) != false)
                        table.Add(server, at, field.Metric, value * field.Scale, $"{field.Measurement}.{field.Field}");
                });
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or HttpRequestException or IOException)
            {
                throw new SourceException($"the answer for {field.Metric.Name} can't be used: {e.Message}{(e.Message.StartsWith("database not found", StringComparison.Ordinal) ? "; name it with database" : "")}", e);
            }
        }

        return table;
    }
}
