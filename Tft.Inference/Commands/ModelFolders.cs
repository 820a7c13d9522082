using Tft.Contract.Servers;
using Tft.Forecasting.Models;

namespace Tft.Inference.Commands;

/// <summary>Model folders by path, or the newest valid one of a folder of them.</summary>
internal static class ModelFolders
{
    /// <summary>The data contract that models of this version are made for.</summary>
    public const string ContractVersion = "2.0.0";

    /// <summary>The states of the data contract.</summary>
    public static IReadOnlyList<string> States { get; } = [.. Enum.GetValues<ServerState>().Where(s => s != ServerState.Missing).Select(s => s.Name())];

    /// <summary>Loads a model folder, or of a folder of them the newest that is valid and promoted.</summary>
    /// <exception cref="InvalidDataException">There is no such model; the text says why.</exception>
    public static ForecastModel Load(string path) => LoadNamed(path).Model;

    /// <summary>Likewise, with the name of its folder.</summary>
    /// <exception cref="InvalidDataException">There is no such model; the text says why.</exception>
    public static (string Name, ForecastModel Model) LoadNamed(string path)
    {
        if (!Directory.Exists(path) || File.Exists(Path.Combine(path, ForecastModel.Files[0])))
            return (Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), ModelFolder.Load(path, ContractVersion, States));
        var reasons = new List<string>();
        if (Promoted(path, reasons).FirstOrDefault() is { Model: not null } found)
            return found;
        throw new InvalidDataException(reasons.Count == 0 ? $"'{path}' is no model folder and holds none." : string.Join(" ", reasons));
    }

    /// <summary>The newest model of a folder of them that is valid, promoted and of these metrics.</summary>
    public static (string Name, ForecastModel Model)? Active(string directory, IReadOnlyList<string> metrics)
    {
        foreach (var found in Promoted(directory, []))
        {
            if (found.Model.Config.Metrics.SequenceEqual(metrics))
                return found;
        }

        return null;
    }

    /// <summary>Why a model does not serve without being asked for; null where it may.</summary>
    public static string? NotPromoted(string folder, TrainingInfo info) =>
        info.Promoted ? null : $"The model '{Path.GetFileName(folder)}' was not promoted: {info.Promotion!.Reason}.";

    private static IEnumerable<(string Name, ForecastModel Model)> Promoted(string directory, List<string> reasons)
    {
        if (!Directory.Exists(directory))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(directory, "tft_model_*").Where(f => !f.EndsWith(".partial", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal))
        {
            ForecastModel model;
            try
            {
                model = ModelFolder.Load(folder, ContractVersion, States);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                reasons.Add(e.Message);
                continue;
            }

            if (NotPromoted(folder, model.Info) is { } reason)
                reasons.Add(reason);
            else
                yield return (Path.GetFileName(folder), model);
        }
    }
}
