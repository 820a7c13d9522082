using System.Globalization;
using Tft.Forecasting.Files;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Training;

/// <summary>The state of a training in one safetensors file, replaced whole; a training that goes on from it equals one that was never stopped, to the bit.</summary>
internal static class Checkpoint
{
    private static readonly string[] s_parts = ["weight", "average", "best", "mean", "square"];

    public static void Save(string path, TrainingState s, TrainingOptions options, long windows)
    {
        var arrays = Arrays(s);
        var tensors = s_parts.SelectMany((part, i) => s.Weights.Tensors.Select(t => SafeTensor.Of($"{part}.{t.Name}", t.Shape, arrays[i].AsSpan(t.Offset, t.Length))));
        SafeTensorsFile.Write(path, tensors, new Dictionary<string, string>
        {
            ["config"] = System.Text.Json.JsonSerializer.Serialize(s.Weights.Config, TftConfigJson.Default.TftConfig),
            ["options"] = options.Fingerprint(),
            ["source"] = options.Source,
            ["windows"] = Text(windows),
            ["step"] = Text(s.Step),
            ["adam"] = Text(s.Adam.Steps),
            ["loss"] = Text(s.Loss),
            ["validation"] = Text(s.ValidationLoss),
            ["bestValidation"] = Text(s.BestLoss),
            ["stale"] = Text(s.Stale),
            ["drops"] = Text(s.Drops),
            ["stopped"] = s.Stopped ? "1" : "0",
        });
    }

    /// <summary>Reads a checkpoint into a state of the same network.</summary>
    /// <exception cref="InvalidDataException">The file is not valid, or of another network, other options or another source; the message says which.</exception>
    public static void Load(string path, TrainingState s, TrainingOptions options, long windows)
    {
        var file = SafeTensorsFile.Read(path);
        var weights = WeightsFile.From(file, "weight.", only: false);
        Same("network", System.Text.Json.JsonSerializer.Serialize(weights.Config, TftConfigJson.Default.TftConfig), System.Text.Json.JsonSerializer.Serialize(s.Weights.Config, TftConfigJson.Default.TftConfig));
        Same("options", Meta(file, "options"), options.Fingerprint());
        Same("set of windows", Meta(file, "source"), options.Source);
        Same("number of windows", Meta(file, "windows"), Text(windows));
        var arrays = Arrays(s);
        for (var i = 0; i < s_parts.Length; i++)
        {
            foreach (var t in s.Weights.Tensors)
            {
                var source = file[$"{s_parts[i]}.{t.Name}"].Floats;
                if (source.Length != t.Length)
                {
                    throw new InvalidDataException($"checkpoint: tensor '{s_parts[i]}.{t.Name}' has {source.Length} elements, not {t.Length}");
                }

                source.CopyTo(arrays[i].AsSpan(t.Offset));
            }
        }

        s.Step = (int)Number(file, "step");
        s.Adam.Steps = (int)Number(file, "adam");
        s.Loss = Number(file, "loss");
        s.ValidationLoss = Number(file, "validation");
        s.BestLoss = Number(file, "bestValidation");
        s.Stale = (int)Number(file, "stale");
        s.Drops = (int)Number(file, "drops");
        s.Stopped = Number(file, "stopped") > 0;
    }

    private static float[][] Arrays(TrainingState s) => [s.Weights.Data, s.Average, s.Best, s.Adam.Mean, s.Adam.Square];

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Meta(SafeTensorsFile file, string key) =>
        file.Metadata.TryGetValue(key, out var text) ? text : throw new InvalidDataException($"checkpoint: no '{key}' in its metadata");

    private static double Number(SafeTensorsFile file, string key) =>
        double.TryParse(Meta(file, key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidDataException($"checkpoint: '{key}' is '{Meta(file, key)}', not a number");

    private static void Same(string what, string found, string wanted)
    {
        if (found != wanted)
        {
            throw new InvalidDataException($"checkpoint: it is of another {what}: it has {found}, this training {wanted}");
        }
    }
}
