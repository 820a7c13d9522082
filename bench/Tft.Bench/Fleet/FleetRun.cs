using System.Diagnostics;
using System.Globalization;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;
using Tft.Contract.Time;
using Tft.Forecasting.Models;
using Tft.Inference.Commands;

namespace Tft.Bench.Fleet;

/// <summary>
/// One fleet: a day is back-filled on the 5-minute grid. Then each tick brings every server's records of 5 minutes, the first of which closes the step
/// before: a round of all servers every 5 s while the forecaster is at work, as a fleet sends them, the rest at once when it is done.
/// </summary>
internal static class FleetRun
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(5);

    /// <summary>The first ticks meet the compiler's tiers and newcomers.</summary>
    private const int WarmUpTicks = 1;

    public static async Task<FleetFigures> MeasureAsync(int servers, int samples, int ticks, int cores, bool states, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["Tft__ForecastWorkers"] = cores.ToString(CultureInfo.InvariantCulture),
        };
        var names = Enumerable.Range(0, servers).Select(i => string.Create(CultureInfo.InvariantCulture, $"host{i:D6}")).ToArray();
        var steps = TimeGrid.WindowSteps + WarmUpTicks + ticks + 2;
        var start = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / TimeGrid.StepSeconds * TimeGrid.StepSeconds) - ((long)steps * TimeGrid.StepSeconds);
        Action<string>? prepare = states ? folder => FleetStates.Write(folder, NewestModel(), names, TimeGrid.StepOf(start) + TimeGrid.WindowSteps - 1) : null;
        using var service = await ServiceProcess.StartAsync(settings, cancellationToken, prepare);
        using var fleet = new PublishedFleet(service.Port, servers);

        var backFill = Stopwatch.StartNew();
        using (var feed = new FleetFeed(service.Port, names, start, TimeGrid.StepSeconds))
            await feed.SendAsync(TimeGrid.WindowSteps, cancellationToken);
        var memory = service.ResidentGigabytes;
        Progress($"{servers} servers: a day back-filled in {backFill.Elapsed.TotalSeconds:0} s");

        using var live = new FleetFeed(service.Port, names, start + ((long)TimeGrid.WindowSteps * TimeGrid.StepSeconds), TimeGrid.StepSeconds / samples);
        List<(double Tick, double Fed, double Processor)> measured = [];
        for (var tick = 0; tick < WarmUpTicks + ticks; tick++)
        {
            var origin = live.Seconds;
            var (watch, processor, fed, rounds) = (Stopwatch.StartNew(), service.ProcessorSeconds, TimeSpan.Zero, 0);
            var next = TimeSpan.Zero;
            while (rounds < samples)
            {
                if (watch.Elapsed < next && !await fleet.IsForecastAsync(origin, cancellationToken))
                {
                    await Poll.PauseAsync(cancellationToken);
                    memory = Math.Max(memory, service.ResidentGigabytes);
                    continue;
                }

                var sent = watch.Elapsed;
                await live.SendAsync(1, cancellationToken);
                fed += watch.Elapsed - sent;
                next = sent + s_round;
                rounds++;
            }

            while (!await fleet.IsForecastAsync(origin, cancellationToken))
                await Poll.PauseAsync(cancellationToken);
            Progress($"{servers} servers: tick {tick + 1} of {WarmUpTicks + ticks}: {watch.Elapsed.TotalSeconds:0.0} s, {memory:0.0} GB");
            // states are read back from the first forecast on; what is measured is a fleet that has them
            while (states && tick < WarmUpTicks && await fleet.StatesAsync(cancellationToken) < servers)
                await Poll.PauseAsync(cancellationToken);
            if (tick >= WarmUpTicks)
                measured.Add((watch.Elapsed.TotalSeconds, fed.TotalSeconds, service.ProcessorSeconds - processor));
        }

        var model = await fleet.ModelAsync(cancellationToken);
        var config = ModelFolder.Load(Path.Combine(ServiceProcess.Models, model), ModelFolders.ContractVersion, ModelFolders.States).Config;
        return new FleetFigures(
            servers,
            Rate.Median([.. measured.Select(m => m.Tick)]),
            string.Create(CultureInfo.InvariantCulture,
                $"{samples} records a server; feeding took {Rate.Median([.. measured.Select(m => m.Fed)]):0.0} s of it, the service {Rate.Median([.. measured.Select(m => m.Processor)]):0.0} s of processor time; median of {ticks}, worst {measured.Max(m => m.Tick):0.0} s; {cores} cores with the generator"),
            memory,
            string.Create(CultureInfo.InvariantCulture, $"resident, the largest seen; {memory * 1e6 / servers:0} kB a server{(states ? "; every server with a state from weeks" : "")}"),
            model, config.Network.Hidden, config.Networks);
    }

    private static string NewestModel() => Directory.EnumerateDirectories(ServiceProcess.Models, "tft_model_*").Max(StringComparer.Ordinal)
        ?? throw new InvalidOperationException($"There is no model in {ServiceProcess.Models}.");

    private static void Progress(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
