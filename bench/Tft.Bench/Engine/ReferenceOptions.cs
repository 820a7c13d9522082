using System.CommandLine;

namespace Tft.Bench.Engine;

/// <summary>The options that `engine` and `train` share.</summary>
internal sealed class ReferenceOptions
{
    public Option<FileInfo?> Json { get; } = new("--json") { Description = "File for the figures." };

    public Option<FileInfo?> Reference { get; } = new("--reference") { Description = "bench_reference.py of the PyTorch reference; without it there are no ratios." };

    public Option<string> Python { get; } = new("--python") { Description = "Interpreter that has PyTorch.", DefaultValueFactory = _ => "/usr/bin/python3" };

    public Option<int> Threads { get; } = new("--threads") { Description = "Threads for both.", DefaultValueFactory = _ => 2 };

    public Option<int> Rounds { get; } = new("--rounds") { Description = "Rounds, each of which times both; the median counts.", DefaultValueFactory = _ => 5 };

    public Option<double> Seconds { get; } = new("--seconds") { Description = "Seconds of each timing.", DefaultValueFactory = _ => 1.0 };

    public Option<string?> Only { get; } = new("--only") { Description = "Only figures whose name contains this." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Json, Reference, Python, Threads, Rounds, Seconds, Only])
        {
            command.Options.Add(option);
        }
    }

    public TorchReference? Torch(ParseResult parsed) =>
        parsed.GetValue(Reference) is { } script ? new TorchReference(script, parsed.GetValue(Python)!) : null;
}
