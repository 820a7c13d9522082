using System.CommandLine;
using Tft.Adapters.Hosting;
using Tft.Adapters.Seeding;
using Tft.Adapters.Simulation.Training;

var root = new RootCommand("Reads metrics where they already are and pushes them to the inference service.")
{
    SeedCommand.Create(),
    SimulateCommand.Create(),
};
foreach (var kind in SourceKinds.All)
    root.Subcommands.Add(SourceCommand.Create(kind));

// The host ends itself on Ctrl-C and SIGTERM, in its own time.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
