using System.CommandLine;
using System.Globalization;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;
using Tft.Inference.Commands;

namespace Tft.Bench.Parts;

/// <summary>`parts`: what of a server's forecast takes how much of a core, by one thread; in turns, so that what else the machine does hits all.</summary>
internal static class PartsCommand
{
    private static readonly bool[] s_kinds = [false, true];

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Writes the figures to this file too.", HelpName = "FILE" };
        var model = new Option<string>("--model") { Description = "Model folder, or a folder of model folders: the newest that is valid and promoted.", HelpName = "DIR", DefaultValueFactory = _ => ServiceProcess.Models };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of each the quickest run; the median counts.", DefaultValueFactory = _ => 9 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of each part in a round.", DefaultValueFactory = _ => 0.1 };
        var command = new Command("parts", "The parts of a server's forecast on one thread: microseconds, and the share of the whole.") { json, model, rounds, seconds };
        command.SetAction(parsed =>
        {
            var report = new BenchReport(Console.Out);
            var (name, loaded) = ModelFolders.LoadNamed(parsed.GetValue(model)!);
            foreach (var weeks in s_kinds)
            {
                var server = new BenchServer();
                using var recipe = new RecipeParts(loaded, server, weeks);
                Measure(report, $"parts.{(weeks ? "weeks" : "newcomer")}", name, [.. recipe.All, .. new ServingParts(server, !weeks).All], parsed.GetValue(rounds), parsed.GetValue(seconds));
            }

            report.Save(parsed.GetValue(json));
        });
        return command;
    }

    private static void Measure(BenchReport report, string prefix, string model, IReadOnlyList<Part> parts, int rounds, double seconds)
    {
        var (times, shares) = (parts.Select(_ => new List<double>()).ToArray(), parts.Select(_ => new List<double>()).ToArray());
        foreach (var part in parts)
            Rate.LeastSeconds(part.Run, 5 * seconds);
        for (var round = 0; round < rounds; round++)
        {
            for (var p = 0; p < parts.Count; p++)
            {
                times[p].Add(Rate.LeastSeconds(parts[p].Run, seconds) * 1e6);
                shares[p].Add(times[p][^1] / times[0][^1]);
            }
        }

        for (var p = 0; p < parts.Count; p++)
        {
            report.Add(new BenchResult($"{prefix}.{parts[p].Name}", Rate.Median(times[p]), "us a server", Rate.Median(times[0]), Rate.Median(shares[p]), string.Create(
                CultureInfo.InvariantCulture, $"{parts[p].Note}; {parts[p].Allocated()} B; {BenchServer.Metrics.Length} metrics, {model}")));
        }
    }
}
