using System.Globalization;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Inference.Commands.Train;

/// <summary>Where a training keeps its checkpoints: beside its target, so that the same command finds them again after a kill.</summary>
internal static class CheckpointFolder
{
    /// <summary>Makes or opens the folder of a training; what a kill left half written is removed.</summary>
    /// <param name="target">The model folder that the training will write.</param>
    /// <param name="name">Names the training: its data and options.</param>
    public static DirectoryInfo Open(string target, string name) => Open(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, ".checkpoints", name));

    /// <summary>Likewise, a folder that is named.</summary>
    public static DirectoryInfo Open(string path)
    {
        var folder = Directory.CreateDirectory(path);
        foreach (var torn in folder.EnumerateFiles("*.tmp"))
            torn.Delete();
        return folder;
    }

    /// <summary>Names a training by its data and by every option that makes another model.</summary>
    public static string Name(string data, ModelTrainingOptions o)
    {
        string[] more =
        [
            o.NewcomerShare > 0 ? string.Create(CultureInfo.InvariantCulture, $"-newcomers{o.NewcomerShare}") : "",
            o.NearNetworks > 0 ? $"-near{o.NearNetworks}x{o.NearSteps}" : "",
            o.Trees > 0 ? $"-trees{o.Trees}" : "",
            o.FutureInputs < NetworkShape.MostFutureInputs ? $"-inputs{o.FutureInputs}" : "",
            o.Recipe.Stretch ? "-stretch" : "",
            o.WideHead ? "-wide" : "",
            o.Unusual ? "-unusual" : "",
            o.ValidationDays > 0 ? $"-validation{o.ValidationDays}-{o.Schedule}" : "",
        ];
        return $"{data.Replace(':', '_')}-{o.Networks}x{o.Hidden}-{o.Steps}x{o.Batch}-{o.OriginStep}{string.Concat(more)}-seed{o.Seed}{(o.Parent is { } parent ? $"-from-{parent.Name}" : "")}";
    }
}
