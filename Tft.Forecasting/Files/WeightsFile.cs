using System.Text.Json;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Files;

/// <summary>A network's weights as a safetensors file; <c>config</c> in its metadata is the network's shape.</summary>
public static class WeightsFile
{
    /// <summary>Writes weights; a file of this name is replaced whole or not at all.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Save(string path, TftWeights weights) => SafeTensorsFile.Write(
        path,
        weights.Tensors.Select(t => SafeTensor.Of(t.Name, t.Shape, weights[t.Name])),
        new Dictionary<string, string> { ["config"] = JsonSerializer.Serialize(weights.Config, TftConfigJson.Default.TftConfig) });

    /// <summary>Reads weights.</summary>
    /// <exception cref="InvalidDataException">The file is not valid, or does not hold exactly the tensors of its config; the message says what is wrong.</exception>
    public static TftWeights Load(string path) => From(SafeTensorsFile.Read(path), "");

    /// <summary>
    /// Takes the tensors whose name starts with <paramref name="prefix"/>, of a network of the given shape or of the one in the metadata; <paramref name="only"/>
    /// refuses others of that prefix.
    /// </summary>
    /// <exception cref="InvalidDataException">As in <see cref="Load"/>.</exception>
    internal static TftWeights From(SafeTensorsFile file, string prefix, TftConfig? config = null, bool only = true)
    {
        var weights = new TftWeights(config ?? Config(file));
        foreach (var place in weights.Tensors)
        {
            var tensor = file[prefix + place.Name];
            if (!tensor.Shape.SequenceEqual(place.Shape))
            {
                throw new InvalidDataException($"tensor '{place.Name}' is [{string.Join(", ", tensor.Shape)}]; the config asks for [{string.Join(", ", place.Shape)}]");
            }

            var floats = tensor.Floats;
            foreach (var value in floats)
            {
                if (!float.IsFinite(value))
                {
                    throw new InvalidDataException($"tensor '{place.Name}' holds {value}");
                }
            }

            floats.CopyTo(weights[place.Name]);
        }

        var unknown = file.Tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).FirstOrDefault(n => !weights.Has(n[prefix.Length..]));
        return unknown is null || !only ? weights : throw new InvalidDataException($"tensor '{unknown}' is not of this network");
    }

    /// <summary>The config in a file's metadata.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is not the shape of a network.</exception>
    internal static TftConfig Config(SafeTensorsFile file)
    {
        if (!file.Metadata.TryGetValue("config", out var text))
        {
            throw new InvalidDataException("the file has no config in its metadata");
        }

        try
        {
            var config = JsonSerializer.Deserialize(text, TftConfigJson.Default.TftConfig) ?? throw new InvalidDataException("the config is null");
            config.Validate();
            return config;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"the config in the metadata is not valid: {e.Message}", e);
        }
    }
}
