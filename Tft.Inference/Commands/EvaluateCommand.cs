using System.CommandLine;
using System.Globalization;
using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Online;
using Tft.Inference.Models;

namespace Tft.Inference.Commands;

/// <summary><c>evaluate --model DIR --data DIR</c>: forecasts the part that was not fitted on, and prints the table, relative to seasonal naive.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var series = new SeriesOptions();
        var model = new Option<string>("--model") { Description = "Model folder, or a folder of model folders: the newest that is valid and promoted.", HelpName = "DIR", Required = true };
        var output = new Option<string?>("--out") { Description = "Writes NAME.safetensors with the forecasts.", HelpName = "DIR" };
        var json = new Option<string?>("--json") { Description = "Writes the table as JSON.", HelpName = "FILE" };
        var svg = new Option<string?>("--svg") { Description = "Draws skill and coverage by lead, beside the base alone.", HelpName = "FILE" };
        var service = new Option<bool>("--service") { Description = "As in service: states renewed daily, bands that follow what came. Without it everything is from the fit part." };
        var days = new Option<int>("--history-days") { Description = "Days of history from which --service renews a state; Tft:HistoryDays keeps 14.", HelpName = "N", DefaultValueFactory = static _ => ModelEvaluation.MostDays };
        var cold = new Option<bool>("--cold") { Description = "As for newcomers: each forecast knows its last day only." };
        var fallback = new Option<bool>("--base") { Description = "Without the networks: the fallback." };
        var heuristic = new Option<bool>("--fallback") { Description = "The service's fallback without any model; for servers with the contract's metrics." };
        var online = new Option<bool>("--online") { Description = "Bands follow what came, as in service; --service implies it." };
        var trust = new Option<bool>("--trust") { Description = "Networks are believed as far as they were better than the base on what came, by metric, as in service." };
        var command = new Command("evaluate", "Scores a model's forecasts beside seasonal naive.") { model, series.Data, output, json, svg, series.Servers, service, days, cold, fallback, heuristic, online, trust, series.Fit, series.Threads };
        command.Validators.Add(result =>
        {
            if (result.GetValue(service) && result.GetValue(cold))
                result.AddError("--service and --cold exclude each other.");
        });
        OptionRanges.AtLeast(days, 1);
        command.SetActionThatMayFail((result, _) =>
        {
            var text = result.InvocationConfiguration.Output;
            if (result.GetValue(heuristic))
            {
                var scored = SeriesScores.Of(series.Read(result), FallbackEvaluation.Forecast, result.GetValue(series.Threads), result.GetValue(output));
                text.WriteLine("the service's fallback");
                text.Write(ScoreTable.Of(scored).ToText());
                return 0;
            }

            var loaded = ModelFolders.Load(result.GetRequiredValue(model));
            var all = series.Read(result);
            var track = result.GetValue(service) ? EvaluationTrack.Service : result.GetValue(cold) ? EvaluationTrack.Cold : EvaluationTrack.FitOnly;
            var rules = (result.GetValue(online) ? OnlineRules.Bands : OnlineRules.None) | (result.GetValue(trust) ? OnlineRules.Trust : OnlineRules.None);
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(result.GetValue(fallback) ? "base alone" : $"{loaded.Networks.Count} networks")}, {track switch { EvaluationTrack.Service => "as in service", EvaluationTrack.Cold => "as for newcomers", _ => "fit-only" }}{(result.GetValue(online) ? ", bands follow what came" : "")}{(result.GetValue(trust) ? ", with trust" : "")}"));
            var scores = SeriesScores.Of(all, server => ModelEvaluation.Forecast(loaded, server, track, !result.GetValue(fallback), rules, result.GetValue(days)), result.GetValue(series.Threads), result.GetValue(output));
            var table = ScoreTable.Of(scores);
            text.Write(table.ToText());
            if (result.GetValue(json) is { } path)
                File.WriteAllText(path, table.ToJson() + "\n");
            if (result.GetValue(svg) is { } drawing)
            {
                var plain = SeriesScores.Of(all, server => ModelEvaluation.Forecast(loaded, server, track, withNetworks: false, rules, result.GetValue(days)), result.GetValue(series.Threads), null);
                File.WriteAllText(drawing, LeadChart.Draw([("with the networks", scores), ("base alone", plain)]));
            }

            return 0;
        });
        return command;
    }

    /// <summary>Forecasts and scores all servers; writes the forecasts where a folder is given.</summary>
    public static ScoreTable Run(ForecastModel model, IReadOnlyList<ServerSeries> series, EvaluationTrack track, bool withNetworks, int threads, string? output) =>
        ScoreTable.Of(SeriesScores.Of(series, server => ModelEvaluation.Forecast(model, server, track, withNetworks), threads, output));
}
