using System.CommandLine;
using System.Globalization;
using Tft.Bench.Reporting;

namespace Tft.Bench.Fleet;

/// <summary>`fleet`: a whole tick of fleets of several sizes, from the first record to the last forecast, with the model that ships.</summary>
internal static class FleetCommand
{
    private static readonly int[] s_sizes = [1_000, 10_000, 100_000];

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Writes the figures to this file too.", HelpName = "FILE" };
        var svg = new Option<FileInfo?>("--svg") { Description = "Draws the time of a tick and the memory by fleet size.", HelpName = "FILE" };
        var servers = new Option<int[]>("--servers") { Description = "Sizes of the fleets.", DefaultValueFactory = _ => s_sizes, AllowMultipleArgumentsPerToken = true };
        var samples = new Option<int>("--samples") { Description = "Records of each server in a tick of 5 minutes: 60 is one every 5 s.", DefaultValueFactory = _ => 60 };
        var ticks = new Option<int>("--ticks") { Description = "Measured ticks; the median counts.", DefaultValueFactory = _ => 3 };
        var cores = new Option<int>("--cores") { Description = "Cores for service and generator together.", DefaultValueFactory = _ => 2 };
        var states = new Option<bool>("--states") { Description = "Every server has a state from weeks, as it has once it is known for four days." };
        var command = new Command("fleet", "A tick of 5 minutes of 1,000 to 100,000 servers: feed, close, forecast, publish.") { json, svg, servers, samples, ticks, cores, states };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var used = Cores.Pin(parsed.GetValue(cores));
            var report = new BenchReport(Console.Out);
            List<FleetFigures> all = [];
            foreach (var size in parsed.GetValue(servers)!)
            {
                var figures = await FleetRun.MeasureAsync(size, parsed.GetValue(samples), parsed.GetValue(ticks), used, parsed.GetValue(states), cancellationToken);
                all.Add(figures);
                report.Add(new BenchResult($"fleet.{size}.tick", figures.Tick, "s", Note: figures.TickNote));
                report.Add(new BenchResult(string.Create(CultureInfo.InvariantCulture, $"fleet.{size}.memory"), figures.Memory, "GB", Note: figures.MemoryNote));
            }

            report.Add(new BenchResult("fleet.hidden", all[^1].Hidden, "", Note: $"{all[^1].Networks} networks of {all[^1].Model}, one metric a window"));
            report.Save(parsed.GetValue(json));
            if (parsed.GetValue(svg) is { } file)
                await File.WriteAllTextAsync(file.FullName, GrowthChart.Draw(all), cancellationToken);
        });
        return command;
    }
}
