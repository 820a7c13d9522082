using Tft.Forecasting.Files;
using Tft.Forecasting.Network;
using Tft.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>A golden file of the reference implementation: weights, inputs, and every number that it made of them.</summary>
internal sealed class GoldenCase
{
    /// <summary>Relative to a tensor's largest number.</summary>
    private const double Tolerance = 2e-5;

    private readonly SafeTensorsFile _file;

    private GoldenCase(SafeTensorsFile file)
    {
        _file = file;
        Weights = WeightsFile.From(file, "weight.");
        Batch = new WindowBatch(Weights.Config, file["actual"].Shape[0]) { Count = file["actual"].Shape[0] };
        Integers("input.static", Batch.Static);
        Integers("input.observed", Batch.Observed);
        Floats("input.known", Batch.Known);
        Floats("input.metrics", Batch.Metrics);
        Floats("input.past", Batch.Past);
        Floats("input.future", Batch.Future);
        Floats("actual", Batch.Targets);
    }

    public static TheoryData<string> Names => ["tiny", "odd", "fleet", "metric"];

    public TftWeights Weights { get; }

    public WindowBatch Batch { get; }

    public ReadOnlySpan<float> this[string name] => _file[name].Floats;

    /// <summary>Reads a case. The small ones are in the test project; `fleet`, some MB, is read beside the repository and skipped where it is not.</summary>
    public static GoldenCase Load(string name)
    {
        var own = TestPaths.InRoot("Tft.Tests", "Forecasting", "Golden", "Files", name + ".safetensors");
        return new GoldenCase(SafeTensorsFile.Read(File.Exists(own) ? own : SkipUnless.Shared("golden", name + ".safetensors")));
    }

    /// <summary>Room for the forecasts of the batch.</summary>
    public float[] NewQuantiles() => new float[Batch.Count * Weights.Config.Decoder * Weights.Config.Metrics * Weights.Config.Quantiles.Length];

    /// <summary>Writes how far a tensor is from the reference's, and fails where that is more than the tolerance.</summary>
    public static void Check(ITestOutputHelper output, string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var difference = Difference(expected, actual);
        output.WriteLine($"{what}: {difference:e1}");
        Assert.True(difference < Tolerance, $"{what}: {difference:e2} relative");
    }

    /// <summary>Forecasts and what explains them against the reference's.</summary>
    public void CheckForecast(ITestOutputHelper output, float[] quantiles, Explanation explanation)
    {
        Check(output, "quantiles", this["output.quantiles"], quantiles);
        Check(output, "static weights", this["output.static_weights"], explanation.StaticWeights);
        Check(output, "history weights", this["output.history_weights"], explanation.HistoryWeights);
        Check(output, "future weights", this["output.future_weights"], explanation.FutureWeights);
        Check(output, "attention", this["output.attention_weights"], explanation.Attention);
    }

    /// <summary>The gradient of each of the weights against the reference's.</summary>
    public void CheckGradient(ITestOutputHelper output, float[] gradient)
    {
        foreach (var tensor in Weights.Tensors)
            Check(output, tensor.Name, this["grad." + tensor.Name], Weights.In(gradient, tensor.Name));
    }

    /// <summary>The largest difference, relative to the largest expected number of the tensor.</summary>
    public static double Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0, scale = 1e-30;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(float.IsFinite(actual[i]), $"element {i} is {actual[i]}");
            largest = Math.Max(largest, Math.Abs((double)expected[i] - actual[i]));
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        return largest / scale;
    }

    private void Floats(string name, float[] destination)
    {
        if (_file.Tensors.TryGetValue(name, out var tensor))
        {
            tensor.Floats.CopyTo(destination);
        }
    }

    private void Integers(string name, int[] destination)
    {
        var source = _file[name].Integers;
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = (int)source[i];
        }
    }
}
