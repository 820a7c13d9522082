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
        var data = new Option<string>("--data") { Description = "Folder or file as for 'evaluate'.", HelpName = "DIR", Required = true };
        var model = new Option<string?>("--model") { Description = "A model to stand beside them, fit-only.", HelpName = "DIR" };
        var servers = new Option<string?>("--servers") { Description = "Only these servers.", HelpName = "A,B,..." };
        var fit = new Option<double>("--fit") { Description = "Share of the time that is fitted on, of a server_metrics table.", HelpName = "SHARE", DefaultValueFactory = static _ => 0.7 };
        var json = new Option<string?>("--json") { Description = "Writes the tables as JSON, by name.", HelpName = "FILE" };
        var threads = new Option<int>("--threads") { Description = "Threads.", HelpName = "N", DefaultValueFactory = static _ => 2 };
        var command = new Command("evaluate-baselines", "Scores last value, straight lines, the usual day and Holt-Winters beside seasonal naive.") { data, model, servers, fit, json, threads };
        OptionRanges.Share(fit);
        OptionRanges.AtLeast(threads, 1);
        command.SetAction((result, cancellation) =>
        {
            var (text, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            try
            {
                (string Name, ForecastModel Model)? ours = result.GetValue(model) is { } folder ? ModelFolders.LoadNamed(folder) : null;
                var series = SeriesFolder.Read(result.GetRequiredValue(data), result.GetValue(fit), SeriesFolder.Names(result.GetValue(servers)));
                var table = new ComparisonTable();
                text.Write(ComparisonTable.Heading);
                foreach (var baseline in PointBaseline.All)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var scores = SeriesScores.Of(series, s => PointBaseline.Forecast(baseline, s, Protocol.Origins(s.Steps, s.FitSteps)), result.GetValue(threads), null);
                    text.Write(table.Add(baseline.Name, ScoreTable.Of(scores)));
                }

                if (ours is var (name, loaded))
                    text.Write(table.Add(name, EvaluateCommand.Run(loaded, series, EvaluationTrack.FitOnly, withNetworks: true, result.GetValue(threads), null)));
                if (result.GetValue(json) is { } path)
                    File.WriteAllText(path, table.ToJson() + "\n");
                return Task.FromResult(0);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine(e.Message);
                return Task.FromResult(1);
            }
        });
        return command;
    }
}
