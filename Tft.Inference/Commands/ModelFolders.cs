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

    /// <summary>Loads a model folder, or the newest valid one inside.</summary>
    /// <exception cref="InvalidDataException">There is no valid model; the text says why.</exception>
    public static ForecastModel Load(string path)
    {
        if (!Directory.Exists(path) || File.Exists(Path.Combine(path, ForecastModel.Files[0])))
            return ModelFolder.Load(path, ContractVersion, States);
        var reasons = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(path, "tft_model_*").OrderDescending(StringComparer.Ordinal))
        {
            try
            {
                return ModelFolder.Load(folder, ContractVersion, States);
            }
            catch (InvalidDataException e)
            {
                reasons.Add(e.Message);
            }
        }

        throw new InvalidDataException(reasons.Count == 0 ? $"'{path}' is no model folder and holds none." : string.Join(" ", reasons));
    }
}
