using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Tft.Bench.Kernels;

/// <summary>`kernels`: BenchmarkDotNet over the engine's inner loops. What follows `--` goes to BenchmarkDotNet (`--filter`, `--job`).</summary>
internal static class KernelsCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("arguments") { Description = "Arguments of BenchmarkDotNet.", DefaultValueFactory = _ => ["--filter", "*"] };
        var command = new Command("kernels", "The engine's inner loops, by BenchmarkDotNet.") { arguments };
        command.SetAction(parsed =>
        {
            // the project's output folder is not where BenchmarkDotNet looks for it, so it measures in this process
            var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
            BenchmarkSwitcher.FromTypes([typeof(KernelBenchmarks)]).Run(parsed.GetValue(arguments), config);
        });
        return command;
    }
}
