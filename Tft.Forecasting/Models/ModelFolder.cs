using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tft.Forecasting.Files;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Models;

/// <summary>
/// A model on disk: model.safetensors, config.json, training_info.json, server_mapping.json, data_contract_version.txt. A folder is complete or it is
/// not there: it is written beside its place and renamed. Nothing of it is used before all of it is found valid.
/// </summary>
public static class ModelFolder
{
    internal const string Weights = "model.safetensors";
    internal const string Config = "config.json";
    internal const string Info = "training_info.json";
    internal const string Mapping = "server_mapping.json";
    internal const string Contract = "data_contract_version.txt";

    /// <summary>Writes a model; the folder must not be there yet.</summary>
    /// <exception cref="IOException">It is there already, or could not be written.</exception>
    public static void Save(string folder, ForecastModel model)
    {
        if (Directory.Exists(folder))
            throw new IOException($"The folder '{folder}' is there already.");
        var target = Path.GetFullPath(folder);
        var partial = target + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, true);
        Directory.CreateDirectory(partial);
        var tensors = RecipeTensors.Of(model.Recipe).Concat(ForestTensors.Of(model.Trees)).Concat(model.Networks.SelectMany((n, i) => n.Tensors.Select(t => SafeTensor.Of($"network.{i}.{t.Name}", t.Shape, n[t.Name]))));
        SafeTensorsFile.Write(Path.Combine(partial, Weights), tensors, new Dictionary<string, string>
        {
            ["config"] = JsonSerializer.Serialize(model.Config.Network, TftConfigJson.Default.TftConfig),
        });
        WriteJson(Path.Combine(partial, Config), model.Config, ModelJson.Default.ModelConfig);
        WriteJson(Path.Combine(partial, Info), model.Info, ModelJson.Default.TrainingInfo);
        WriteJson(Path.Combine(partial, Mapping), model.Mapping, ModelJson.Default.ServerMapping);
        File.WriteAllText(Path.Combine(partial, Contract), model.ContractVersion + "\n");
        Directory.Move(partial, target);
    }

    /// <summary>Reads and checks a model.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="contractVersion">The version of the data contract that the caller speaks; the major version must be the same.</param>
    /// <param name="states">The states that the caller knows; the model must know the same, or none.</param>
    /// <exception cref="InvalidDataException">The model is not valid; the text says everything that is wrong.</exception>
    public static ForecastModel Load(string folder, string contractVersion, IReadOnlyCollection<string> states)
    {
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"There is no model folder '{folder}'.");
        var problems = ForecastModel.Files.Where(f => !File.Exists(Path.Combine(folder, f))).Select(f => $"{f} is missing").ToList();
        Fail(folder, problems);

        var config = Read(folder, Config, ModelJson.Default.ModelConfig, problems);
        var info = Read(folder, Info, ModelJson.Default.TrainingInfo, problems);
        var mapping = Read(folder, Mapping, ModelJson.Default.ServerMapping, problems);
        var contract = File.ReadAllText(Path.Combine(folder, Contract)).Trim();
        if (Major(contract) != Major(contractVersion))
            problems.Add($"{Contract}: the contract is '{contract}', expected {Major(contractVersion)}.x");
        if (info is not null && info.UniqueStates.Count > 0 && !info.UniqueStates.ToHashSet().SetEquals(states))
            problems.Add($"{Info}: unique_states are {string.Join(", ", info.UniqueStates)}, expected {string.Join(", ", states)}");
        if (config is not null)
            problems.AddRange(config.Problems().Select(p => $"{Config}: {p}"));
        if (mapping is not null)
            problems.AddRange(Problems(mapping));
        Fail(folder, problems);

        try
        {
            var file = SafeTensorsFile.Read(Path.Combine(folder, Weights));
            var recipe = RecipeTensors.Read(file);
            TftWeights[] networks = [.. Enumerable.Range(0, config!.Networks + config.NearNetworks).Select(i => WeightsFile.From(file, $"network.{i}.", i < config.Networks ? null : config.Near))];
            var trees = config.Trees > 0 ? ForestTensors.Read(file, config.Trees) : null;
            if (networks.Length > 0 && JsonSerializer.Serialize(networks[0].Config, TftConfigJson.Default.TftConfig) != JsonSerializer.Serialize(config.Network, TftConfigJson.Default.TftConfig))
                problems.Add($"{Weights}: its network is of another shape than {Config} says");
            var expected = networks.Sum(n => n.Tensors.Count) + RecipeTensors.Of(recipe).Count() + ForestTensors.Of(trees).Count();
            if (file.Tensors.Count != expected)
                problems.Add($"{Weights}: {file.Tensors.Count} tensors, expected {expected}");
            Fail(folder, problems);
            return new ForecastModel(config, recipe, networks, info!, mapping!, contract) { Trees = trees };
        }
        catch (InvalidDataException e) when (problems.Count == 0)
        {
            throw new InvalidDataException($"The model folder '{folder}' is not valid: {Weights}: {e.Message}", e);
        }
    }

    private static IEnumerable<string> Problems(ServerMapping mapping)
    {
        foreach (var (name, id) in mapping.NameToId)
        {
            if (!mapping.IdToName.TryGetValue(id, out var names) || !names.Contains(name))
                yield return $"{Mapping}: '{name}' has the id {id}, which does not lead back to it";
        }
    }

    private static T? Read<T>(string folder, string name, JsonTypeInfo<T> type, List<string> problems)
        where T : class
    {
        try
        {
            var value = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, name)), type);
            if (value is null)
                problems.Add($"{name} is null");
            return value;
        }
        catch (JsonException e)
        {
            problems.Add($"{name}: {e.Message}");
            return null;
        }
    }

    private static void Fail(string folder, List<string> problems)
    {
        if (problems.Count > 0)
            throw new InvalidDataException($"The model folder '{folder}' is not valid: {string.Join("; ", problems)}.");
    }

    private static string Major(string version) => version.Split('.')[0];

    private static void WriteJson<T>(string path, T value, JsonTypeInfo<T> type) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(value, type));
}
