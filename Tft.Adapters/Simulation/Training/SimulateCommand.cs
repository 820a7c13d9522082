using System.CommandLine;
using System.Diagnostics;
using Tft.Adapters.Simulation.Incidents;

namespace Tft.Adapters.Simulation.Training;

/// <summary><c>simulate --out DIR</c>: training data of a simulated fleet.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder that is written", Required = true, HelpName = "DIR" };
        var hours = new Option<int>("--hours") { Description = "Length", DefaultValueFactory = _ => 720 };
        var servers = new Option<int>("--servers") { Description = "Servers of the fleet", DefaultValueFactory = _ => 90 };
        var seed = new Option<long>("--seed") { Description = "The same seed gives the same data", DefaultValueFactory = _ => 42 };
        var end = new Option<DateTimeOffset?>("--end") { Description = "End of the data in UTC (the last midnight); give it where the bytes must be the same another day" };
        var scenario = new Option<Scenario>("--scenario") { Description = "What the whole fleet goes through", DefaultValueFactory = _ => Scenario.Healthy };
        var incidents = new Option<double>("--incidents") { Description = "Chance of an incident in three days of one server, 0 to 1", DefaultValueFactory = _ => new SimulatedFleetOptions().IncidentsPerSlot };
        var habits = new Option<double>("--habits") { Description = "Share of the servers whose days are alike, 0 to 1", DefaultValueFactory = _ => 0 };
        foreach (var share in (Option<double>[])[incidents, habits])
            share.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
                    result.AddError($"{share.Name} must be between 0 and 1.");
            });
        foreach (var number in (Option<int>[])[hours, servers])
            number.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{number.Name} must be at least 1.");
            });

        var command = new Command("simulate", "Writes training data of a simulated fleet: server_metrics (csv.gz, parquet), metadata, mapping, true incidents.")
        {
            folder, hours, servers, seed, end, scenario, incidents, habits,
        };
        command.SetAction(result =>
        {
            var options = new SimulatedFleetOptions
            {
                Seed = result.GetValue(seed),
                Servers = result.GetValue(servers),
                Scenario = result.GetValue(scenario),
                IncidentsPerSlot = result.GetValue(incidents),
                WithHabits = result.GetValue(habits),
            };
            var until = result.GetValue(end) ?? new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero);
            var watch = Stopwatch.StartNew();
            var summary = TrainingSet.Write(result.GetValue(folder)!.FullName, options, until, result.GetValue(hours));
            Console.WriteLine($"{summary.Rows:N0} rows and {summary.Incidents} incidents of {options.Servers} servers, {summary.Start:yyyy-MM-dd HH:mm} to {summary.End:yyyy-MM-dd HH:mm} UTC, in {watch.Elapsed.TotalSeconds:0.0} s: {result.GetValue(folder)!.FullName}");
        });
        return command;
    }
}
