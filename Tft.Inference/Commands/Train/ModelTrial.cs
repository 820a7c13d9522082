using Tft.Forecasting.Data;
using Tft.Forecasting.Models;

namespace Tft.Inference.Commands.Train;

/// <summary>Scores a model that was just trained on the test part, beside its base, seasonal naive and the model that serves so far.</summary>
internal static class ModelTrial
{
    /// <summary>What training_info.json tells of the trial; unchanged where there is no test part.</summary>
    /// <param name="model">The new model.</param>
    /// <param name="series">Servers; what follows their fit parts is the test part.</param>
    /// <param name="newcomers">Whether the servers are forecast as newcomers are.</param>
    /// <param name="target">The new model's folder; the active model lies beside it.</param>
    /// <param name="parent">The model that was continued, or null.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="text">For tables and verdict.</param>
    public static TrainingInfo Run(ForecastModel model, IReadOnlyList<ServerSeries> series, bool newcomers, string target, ParentModel? parent, int threads, TextWriter text)
    {
        if (series.Any(s => s.FitSteps >= s.Steps - Protocol.Horizon))
        {
            text.WriteLine("Nothing is left to test on; the model is not compared with others.");
            return model.Info;
        }

        var track = newcomers ? EvaluationTrack.Cold : EvaluationTrack.FitOnly;
        var seen = newcomers ? "as for newcomers" : "fit-only";
        var plain = EvaluateCommand.Run(model, series, track, withNetworks: false, threads, null);
        text.Write($"base alone, {seen}: " + plain.ToText());
        var table = plain;
        if (model.Networks.Count > 0)
        {
            table = EvaluateCommand.Run(model, series, track, withNetworks: true, threads, null);
            text.Write($"with the networks, {seen}: " + table.ToText());
        }

        var active = ModelFolders.Active(Path.GetDirectoryName(Path.GetFullPath(target))!, model.Config.Metrics);
        var activeTable = active is { } before ? EvaluateCommand.Run(before.Model, series, track, withNetworks: true, threads, null) : null;
        var other = parent is not null && parent.Name != active?.Name ? parent : null;
        var otherTable = other is null ? null : EvaluateCommand.Run(other.Model, series, track, withNetworks: true, threads, null);
        var promotion = Promotion.Of(table, active?.Name, activeTable, other?.Name, otherTable);
        text.WriteLine($"{(promotion.Promoted ? "promoted" : "kept, not promoted")}: {promotion.Reason}");
        return model.Info with { Evaluation = table, EvaluationBase = plain, Promotion = promotion };
    }
}
