using System.CommandLine;
using Tft.Bench.Reporting;

namespace Tft.Bench.Engine;

/// <summary>Times a case here and in PyTorch in turns, so that what else the machine does hits both.</summary>
internal static class Interleaved
{
    /// <param name="report">Where the figures go.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its options.</param>
    /// <param name="c">The case.</param>
    /// <param name="batches">Batch sizes and the names of their figures.</param>
    /// <param name="unit">Unit of the figures.</param>
    /// <param name="train">Whether the peer times training.</param>
    /// <param name="prepare">Makes the run of a batch size.</param>
    public static void Run(
        BenchReport report, ParseResult parsed, ReferenceOptions options, EngineCase c, IReadOnlyList<(int Batch, string Name)> batches, string unit, bool train, Func<int, Action> prepare)
    {
        var only = parsed.GetValue(options.Only);
        var wanted = batches.Where(b => only is null || b.Name.Contains(only, StringComparison.Ordinal)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        var (torch, seconds, threads) = (options.Torch(parsed), parsed.GetValue(options.Seconds), parsed.GetValue(options.Threads));
        var runs = wanted.ToDictionary(b => b.Batch, b => prepare(b.Batch));
        var own = wanted.ToDictionary(b => b.Batch, _ => new List<double>());
        var peer = wanted.ToDictionary(b => b.Batch, _ => new List<double>());
        foreach (var run in runs.Values)
        {
            Rate.MedianSeconds(run, Math.Max(1.5, seconds));
        }

        for (var round = 0; round < parsed.GetValue(options.Rounds); round++)
        {
            foreach (var (batch, run) in runs)
            {
                own[batch].Add(batch / Rate.MedianSeconds(run, seconds));
            }

            foreach (var (batch, rate) in torch?.Run(c, [.. runs.Keys], threads, seconds, train) ?? [])
            {
                peer[batch].Add(rate);
            }
        }

        foreach (var (batch, name) in wanted)
        {
            var value = Rate.Median(own[batch]);
            double? reference = torch is null ? null : Rate.Median(peer[batch]);
            report.Add(new BenchResult(name, value, unit, reference, value / reference, torch is null ? "no --reference: no ratio" : $"{threads} threads each, median of {own[batch].Count} rounds"));
        }
    }
}
