using System.CommandLine;
using Tft.Bench.Engine;

var root = new RootCommand("Benchmarks of the Tft project; each prints a table with ratios, and with --json the same figures for a script.")
{
    EngineCommand.Create(),
    TrainCommand.Create(),
};
return root.Parse(args).Invoke();
