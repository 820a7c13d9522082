using Tft.Bench.Reporting;
using Tft.Forecasting.Engines;
using Tft.Forecasting.Files;
using Tft.Forecasting.Network;

namespace Tft.Bench.Engine;

/// <summary>Before speeds are compared: do both compute the same? The reference's golden files are what it computed.</summary>
internal static class GoldenCheck
{
    /// <summary>The largest difference of the quantiles, relative to the largest quantile; null where the files are not beside the reference.</summary>
    public static BenchResult? Measure(FileInfo reference, string name)
    {
        var path = Path.Combine(reference.DirectoryName!, "..", "golden", name + ".safetensors");
        if (!File.Exists(path))
        {
            return null;
        }

        var file = SafeTensorsFile.Read(path);
        var weights = WeightsFile.From(file, "weight.");
        var batch = new WindowBatch(weights.Config, file["actual"].Shape[0]) { Count = file["actual"].Shape[0] };
        foreach (var (tensor, floats) in ((string, float[])[])[("known", batch.Known), ("metrics", batch.Metrics), ("past", batch.Past), ("future", batch.Future)])
        {
            if (file.Tensors.TryGetValue("input." + tensor, out var values))
            {
                values.Floats.CopyTo(floats);
            }
        }

        Copy(file["input.static"], batch.Static);
        Copy(file["input.observed"], batch.Observed);
        var expected = file["output.quantiles"].Floats;
        var quantiles = new float[expected.Length];
        using var model = new ManagedEngine(1).Load(weights);
        model.Forecast(batch, quantiles);
        double difference = 0, scale = 0;
        for (var i = 0; i < quantiles.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs(quantiles[i] - expected[i]));
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        return new BenchResult($"engine.check.{name}", difference / scale, "relative", null, null, "largest difference from the reference's numbers");
    }

    private static void Copy(SafeTensor from, int[] to)
    {
        for (var i = 0; i < from.Integers.Length; i++)
        {
            to[i] = (int)from.Integers[i];
        }
    }
}
