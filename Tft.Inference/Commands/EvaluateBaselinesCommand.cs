using System.CommandLine;
using Tft.Forecasting.Baselines;
using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Models;

namespace Tft.Inference.Commands;

/// <summary><c>evaluate-baselines --data DIR</c>: what the methods of other tools reach on the same origins, by the same protocol.</summary>
internal static class EvaluateBaselinesCommand
{
    public static Command Create()
    {
        var series = new SeriesOptions();
        var model = new Option<string?>("--model") { Description = "A model to stand beside them, fit-only.", HelpName = "DIR" };
        var json = new Option<string?>("--json") { Description = "Writes the tables as JSON, by name.", HelpName = "FILE" };
        var command = new Command("evaluate-baselines", "Scores last value, straight lines, the usual day and Holt-Winters beside seasonal naive.") { series.Data, model, series.Servers, series.Fit, json, series.Threads };
        command.SetActionThatMayFail((result, cancellation) =>
        {
            var text = result.InvocationConfiguration.Output;
            (string Name, ForecastModel Model)? ours = result.GetValue(model) is { } folder ? ModelFolders.LoadNamed(folder) : null;
            var all = series.Read(result);
            var table = new ComparisonTable();
            text.Write(ComparisonTable.Heading);
            foreach (var baseline in PointBaseline.All)
            {
                cancellation.ThrowIfCancellationRequested();
                var scores = SeriesScores.Of(all, s => PointBaseline.Forecast(baseline, s, Protocol.Origins(s.Steps, s.FitSteps)), result.GetValue(series.Threads), null);
                text.Write(table.Add(baseline.Name, ScoreTable.Of(scores)));
            }

            if (ours is var (name, loaded))
                text.Write(table.Add(name, EvaluateCommand.Run(loaded, all, EvaluationTrack.FitOnly, withNetworks: true, result.GetValue(series.Threads), null)));
            if (result.GetValue(json) is { } path)
                File.WriteAllText(path, table.ToJson() + "\n");
            return 0;
        });
        return command;
    }
}
