using Tft.Forecasting.Files;
using Tft.Forecasting.Network;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>A golden file of the reference implementation: weights, inputs, and every number that it made of them.</summary>
internal sealed class GoldenCase
{
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

    public TftWeights Weights { get; }

    public WindowBatch Batch { get; }

    public ReadOnlySpan<float> this[string name] => _file[name].Floats;

    /// <summary>Reads a case. The small ones are in the test project; `fleet`, some MB, is read beside the repository and skipped where it is not.</summary>
    public static GoldenCase Load(string name)
    {
        var own = TestPaths.InRoot("Tft.Tests", "Forecasting", "Golden", "Files", name + ".safetensors");
        return new GoldenCase(SafeTensorsFile.Read(File.Exists(own) ? own : SkipUnless.Shared("golden", name + ".safetensors")));
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
