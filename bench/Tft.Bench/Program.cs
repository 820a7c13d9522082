using System.CommandLine;
using Tft.Bench.Engine;
using Tft.Bench.Fleet;
using Tft.Bench.Ingest;
using Tft.Bench.Kernels;
using Tft.Bench.Parts;
using Tft.Bench.Serve;
using Tft.Bench.Sources;

var root = new RootCommand("Benchmarks of the Tft project; each prints a table with ratios, and with --json the same figures for a script.")
{
    EngineCommand.Create(),
    TrainCommand.Create(),
    KernelsCommand.Create(),
    IngestCommand.Create(),
    ServeCommand.Create(),
    FleetCommand.Create(),
    PartsCommand.Create(),
    SourcesCommand.Create(),
    HistoryCommand.Create(),
};
return root.Parse(args).Invoke();
