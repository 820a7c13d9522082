using System.CommandLine;
using Tft.Adapters.Hosting;
using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Incidents;

namespace Tft.Adapters.Seeding;

/// <summary><c>seed --to STORE</c>: fills a store with a simulated fleet, for a demonstration.</summary>
internal static class SeedCommand
{
    private static readonly Option<string> s_to = new("--to", "-t") { Description = $"The store: {string.Join(", ", SeedTargets.Names)}, opensearch", Required = true, HelpName = "STORE" };
    private static readonly Option<string?> s_store = new("--store", "--url") { Description = "Where it is: a URL; for postgresql and mongodb a connection string, better as ConnectionStrings__NAME; for files a path" };
    private static readonly Option<string?> s_into = new("--into") { Description = "Index (tft-demo), database (influxdb 1 and 3), collection or table to write to" };
    private static readonly Option<int> s_servers = new("--servers") { Description = "Servers of the fleet", DefaultValueFactory = _ => 50 };
    private static readonly Option<double> s_hours = new("--hours") { Description = "Length of the past; forecasts need 24", DefaultValueFactory = _ => 25 };
    private static readonly Option<int?> s_every = new("--every") { Description = "Seconds between two samples of a server (15; influxdb 10)" };
    private static readonly Option<bool> s_live = new("--live") { Description = "Go on with the clock until stopped; /health answers 200 once the past is written" };
    private static readonly Option<long> s_seed = new("--seed") { Description = "The same seed gives the same fleet", DefaultValueFactory = _ => 42 };
    private static readonly Option<Scenario> s_scenario = new("--scenario") { Description = "healthy, degrading, critical or cascade", DefaultValueFactory = _ => Scenario.Healthy };

    public static Command Create()
    {
        var command = new Command("seed", "Fills a store with a simulated fleet, in the shape that its source reads: for demonstrations.")
        {
            s_to, s_store, s_into, s_servers, s_hours, s_every, s_live, s_seed, s_scenario,
        };
        AtLeast(s_servers, 1);
        AtLeast(s_every, 1);
        s_hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 10_000))
                result.AddError("--hours must be between 0 and 10000.");
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                var name = result.GetValue(s_to)!;
                var kind = SeedTargets.Find(name)
                    ?? throw new ConfigurationException([$"--to: '{name}' can't be filled; there are {string.Join(", ", SeedTargets.Names)} and opensearch"]);
                return await SeedHost.RunAsync(name, kind, Plan(result, kind), Keys(result, name, kind), cancellationToken);
            }
            catch (ConfigurationException e)
            {
                foreach (var fault in e.Faults)
                    await Console.Error.WriteLineAsync(fault);
                return 2;
            }
        });
        return command;
    }

    private static SeedPlan Plan(ParseResult result, SeedTargetKind kind) => new(
        new SimulatedFleetOptions { Seed = result.GetValue(s_seed), Servers = result.GetValue(s_servers), Scenario = result.GetValue(s_scenario) },
        result.GetValue(s_hours),
        result.GetValue(s_every) ?? kind.EverySeconds,
        result.GetValue(s_live));

    private static Dictionary<string, string?> Keys(ParseResult result, string name, SeedTargetKind kind)
    {
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (result.GetValue(s_store) is { } store)
            keys[$"{SeedTargets.Section(name)}:{kind.Address}"] = store;
        if (result.GetValue(s_into) is { } into)
            keys[$"{SeedTargets.Section(name)}:{kind.Into ?? throw new ConfigurationException([$"--into: there is nothing to choose in {name}"])}"] = into;
        return keys;
    }

    private static void AtLeast<T>(Option<T> option, int least) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < least)
            result.AddError($"{option.Name} must be at least {least}.");
    });
}
