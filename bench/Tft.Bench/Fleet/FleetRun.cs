using System.Diagnostics;
using System.Globalization;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;
using Tft.Contract.Time;
using Tft.Forecasting.Models;
using Tft.Inference.Commands;

namespace Tft.Bench.Fleet;

/// <summary>
/// One fleet: a day is back-filled on the 5-minute grid, then each tick brings every server's records of 5 minutes, which close the step before,
/// and lasts until every server is forecast from that step.
/// </summary>
internal static class FleetRun
{
    private const int Batch = 1_000;
    private const int Connections = 2;

    /// <summary>The first ticks meet the compiler's tiers and newcomers.</summary>
    private const int WarmUpTicks = 1;

    public static async Task<FleetFigures> MeasureAsync(int servers, int samples, int ticks, int cores, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["Tft__ModelsDirectory"] = ServiceProcess.Models,
            ["Tft__ForecastWorkers"] = cores.ToString(CultureInfo.InvariantCulture),
        };
        using var service = await ServiceProcess.StartAsync(settings, cancellationToken);
        using var fleet = new PublishedFleet(service.Port, servers);
        var names = Enumerable.Range(0, servers).Select(i => string.Create(CultureInfo.InvariantCulture, $"host{i:D6}")).ToArray();
        var steps = TimeGrid.WindowSteps + WarmUpTicks + ticks + 2;
        var start = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / TimeGrid.StepSeconds * TimeGrid.StepSeconds) - ((long)steps * TimeGrid.StepSeconds);

        var backFill = Stopwatch.StartNew();
        await FeedAsync(service.Port, names, start, TimeGrid.WindowSteps, TimeGrid.StepSeconds, cancellationToken);
        var memory = service.ResidentGigabytes;
        Progress($"{servers} servers: a day back-filled in {backFill.Elapsed.TotalSeconds:0} s");

        List<(double Tick, double Fed, double Processor)> measured = [];
        for (var tick = 0; tick < WarmUpTicks + ticks; tick++)
        {
            var step = start + ((long)(TimeGrid.WindowSteps + tick) * TimeGrid.StepSeconds);
            var (watch, processor) = (Stopwatch.StartNew(), service.ProcessorSeconds);
            await FeedAsync(service.Port, names, step, samples, TimeGrid.StepSeconds / samples, cancellationToken);
            var fed = watch.Elapsed.TotalSeconds;
            await fleet.WaitAsync(step, () => memory = Math.Max(memory, service.ResidentGigabytes), cancellationToken);
            memory = Math.Max(memory, service.ResidentGigabytes);
            Progress($"{servers} servers: tick {tick + 1} of {WarmUpTicks + ticks}: fed in {fed:0.0} s, all forecast after {watch.Elapsed.TotalSeconds:0.0} s, {memory:0.0} GB");
            if (tick >= WarmUpTicks)
                measured.Add((watch.Elapsed.TotalSeconds, fed, service.ProcessorSeconds - processor));
        }

        var model = await fleet.ModelAsync(cancellationToken);
        var config = ModelFolder.Load(Path.Combine(ServiceProcess.Models, model), ModelFolders.ContractVersion, ModelFolders.States).Config;
        return new FleetFigures(
            servers,
            Rate.Median([.. measured.Select(m => m.Tick)]),
            string.Create(CultureInfo.InvariantCulture,
                $"{samples} records a server; feeding took {Rate.Median([.. measured.Select(m => m.Fed)]):0.0} s of it, the service {Rate.Median([.. measured.Select(m => m.Processor)]):0.0} s of processor time; median of {ticks}, worst {measured.Max(m => m.Tick):0.0} s; {cores} cores with the generator"),
            memory,
            string.Create(CultureInfo.InvariantCulture, $"resident, the largest seen; {memory * 1e6 / servers:0} kB a server"),
            model, config.Network.Hidden, config.Networks);
    }

    /// <summary>Rounds of all servers over some connections.</summary>
    private static async Task FeedAsync(int port, string[] names, long start, int rounds, int roundSeconds, CancellationToken cancellationToken) =>
        await Task.WhenAll(names.Chunk((names.Length + Connections - 1) / Connections).Select(part => Task.Run(
            async () =>
            {
                var batch = Math.Min(Batch, part.Length);
                using var connection = new FeedConnection(port, ServiceProcess.Key, part, batch, start, roundSeconds);
                for (var i = 0; i < rounds * ((part.Length + batch - 1) / batch); i++)
                    await connection.SendAsync(cancellationToken);
            },
            cancellationToken)));

    private static void Progress(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
