using System.CommandLine;
using Tft.Bench.Reporting;
using Tft.Forecasting.Engines;

namespace Tft.Bench.Engine;

/// <summary>`engine`: forecasts against PyTorch's forward pass.</summary>
internal static class EngineCommand
{
    public static Command Create()
    {
        var (command, options) = (new Command("engine", "Forecasts against PyTorch."), new ReferenceOptions());
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var report = new BenchReport(Console.Out);
            foreach (var name in (string[])["fleet", "metric"])
            {
                if (parsed.GetValue(options.Reference) is { } script && GoldenCheck.Measure(script, name) is { } check)
                {
                    report.Add(check);
                }
            }

            foreach (var hidden in (int[])[32, 64, 128])
            {
                Forward(report, parsed, options, new EngineCase(hidden, 4, PerMetric: false), [.. ((int[])[1, 20, 64]).Select(b => (b, $"engine.forward.h{hidden}.b{b}"))], "windows/s");
            }

            Forward(report, parsed, options, new EngineCase(16, 2, PerMetric: true), [.. ((int[])[14, 280]).Select(b => (b, $"engine.forward.metric.h16.b{b}"))], "metric-windows/s");
            Incremental(report, parsed, options);
            report.Add(PeakRate.Measure());
            report.Save(parsed.GetValue(options.Json));
        });
        return command;
    }

    private static void Forward(BenchReport report, ParseResult parsed, ReferenceOptions options, EngineCase c, IReadOnlyList<(int Batch, string Name)> batches, string unit) =>
        Interleaved.Run(report, parsed, options, c, batches, unit, train: false, batch => Forecast(c, batch, parsed.GetValue(options.Threads)));

    private static void Incremental(BenchReport report, ParseResult parsed, ReferenceOptions options)
    {
        const string Name = "engine.incremental.h64";
        var threads = parsed.GetValue(options.Threads);
        IncrementalCase? moving = null;
        Interleaved.Run(report, parsed, options, new EngineCase(64, 4, PerMetric: false), [(64, Name)], "windows/s", train: false, batch =>
        {
            moving = new IncrementalCase(new EngineCase(64, 4, PerMetric: false), batch, threads);
            return moving.Run;
        });
        if (moving is not null)
        {
            report.Add(new BenchResult("engine.incremental.max_error", moving.MaxError(threads), "scaled units", null, null, "against forecasts from scratch"));
            report.Add(new BenchResult("engine.incremental.bytes_per_server", moving.BytesPerServer, "B"));
            moving.Dispose();
        }
    }

    private static Action Forecast(EngineCase c, int count, int threads)
    {
        var (batch, model) = (c.Batch(count), new ManagedEngine(threads).Load(c.Weights()));
        var quantiles = new float[count * c.Config.Decoder * c.Config.Metrics * c.Config.Quantiles.Length];
        return () => model.Forecast(batch, quantiles);
    }
}
