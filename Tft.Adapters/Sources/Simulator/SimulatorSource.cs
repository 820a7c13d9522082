using System.Globalization;
using System.Runtime.CompilerServices;
using Tft.Adapters.Simulation;
using Tft.Contract.Records;
using Tft.Contract.Time;

namespace Tft.Adapters.Sources.Simulator;

/// <summary>
/// A simulated fleet as a source: samples on a grid of seconds, all servers at each tick. The position is the last tick, so that after a
/// restart every tick in between is made up for, with the same values.
/// </summary>
internal sealed class SimulatorSource(SimulatedFleet fleet, SimulatorOptions options, SimulationClock simulation) : IMetricSource
{
    /// <summary>Records of a page, so that a back-fill makes few POSTs.</summary>
    private const int PageSize = 1000;

    /// <summary>A faster run begins in the past with samples, and needs no means.</summary>
    public bool HasHistory => !simulation.IsFaster;

    public async IAsyncEnumerable<SourcePage> ReadAsync(ReadRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var every = options.SampleSeconds;
        var from = range.Position is { } position
            ? long.Parse(position, CultureInfo.InvariantCulture) + every
            : CeilingTo((simulation.IsFaster ? simulation.Start : range.From).ToUnixTimeSeconds(), every);
        simulation.Begin(DateTimeOffset.FromUnixTimeSeconds(from));
        var until = simulation.Now.ToUnixTimeSeconds();

        var records = new List<MetricRecord>(PageSize);
        for (var tick = from; tick <= until; tick += every)
        {
            foreach (var server in fleet.Servers)
            {
                if (fleet.Sample(server, tick) is { } record)
                    records.Add(record);
            }

            if (records.Count + fleet.Servers.Count > PageSize || tick + every > until)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new SourcePage(records, DateTimeOffset.FromUnixTimeSeconds(tick), tick.ToString(CultureInfo.InvariantCulture));
                records = new List<MetricRecord>(PageSize);
                await Task.Yield();
            }
        }
    }

    public async IAsyncEnumerable<SourcePage> BackfillAsync(BackfillRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = new List<MetricRecord>(PageSize);
        var last = TimeGrid.StepOf(range.Until);
        for (var step = TimeGrid.StepOf(range.From); step < last; step++)
        {
            foreach (var server in fleet.Servers)
            {
                if ((range.Servers is null || range.Servers.Contains(server.Name)) && fleet.Mean(server, step) is { } record)
                    records.Add(record);
            }

            if (records.Count + fleet.Servers.Count > PageSize || step + 1 == last)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new SourcePage(records, TimeGrid.StartOf(step + 1));
                records = new List<MetricRecord>(PageSize);
                await Task.Yield();
            }
        }
    }

    private static long CeilingTo(long seconds, int every) => (seconds + every - 1) / every * every;
}
