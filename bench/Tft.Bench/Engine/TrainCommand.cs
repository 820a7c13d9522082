using System.CommandLine;
using Tft.Bench.Reporting;
using Tft.Forecasting.Network;
using Tft.Forecasting.Training;

namespace Tft.Bench.Engine;

/// <summary>`train`: one step of training (loss, gradients, clipping, Adam) against PyTorch's.</summary>
internal static class TrainCommand
{
    private const int Batch = 32;

    public static Command Create()
    {
        var (command, options) = (new Command("train", "Training steps against PyTorch."), new ReferenceOptions());
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var report = new BenchReport(Console.Out);
            foreach (var (c, name, unit) in ((EngineCase, string, string)[])
                [(new(16, 2, PerMetric: true), "train.metric.h16.b32", "metric-windows/s"), (new(64, 4, PerMetric: false), "train.h64.b32", "windows/s"), (new(128, 4, PerMetric: false), "train.h128.b32", "windows/s")])
            {
                Interleaved.Run(report, parsed, options, c, [(Batch, name)], unit, train: true, _ => Step(c, parsed.GetValue(options.Threads)));
            }

            report.Save(parsed.GetValue(options.Json));
        });
        return command;
    }

    private static Action Step(EngineCase c, int threads)
    {
        var (weights, batch, options) = (c.Weights(), c.Batch(Batch), new TrainingOptions());
        var (adam, gradient, network) = (new Adam(weights.Data.Length), new float[weights.Data.Length], new SlicedNetwork(c.Config, threads));
        return () =>
        {
            network.Pack(weights);
            network.Learn(batch, weights, gradient, 0);
            Adam.Clip(gradient, options.Clip);
            adam.Step(weights.Data, gradient, options.LearningRate, options);
        };
    }
}
