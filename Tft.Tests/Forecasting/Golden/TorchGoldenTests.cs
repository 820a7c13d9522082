using Tft.Forecasting.Engines.Torch;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>The engine on PyTorch's kernels against the reference's numbers. Only in the full package set.</summary>
[Trait("Ring", "unit")]
public sealed class TorchGoldenTests
{
    [Theory]
    [InlineData("tiny")]
    [InlineData("odd")]
    [InlineData("fleet")]
    [InlineData("metric")]
    public void Forecast_GoldenInputs_GivesGoldenOutputs(string name)
    {
        var golden = GoldenCase.Load(name);
        var c = golden.Weights.Config;
        using var model = new TorchEngine(gpu: null).Load(golden.Weights);
        var quantiles = new float[golden.Batch.Count * c.Decoder * c.Metrics * c.Quantiles.Length];

        model.Forecast(golden.Batch, quantiles);

        Assert.InRange(GoldenCase.Difference(golden["output.quantiles"], quantiles), 0, 2e-5);
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("odd")]
    [InlineData("metric")]
    public void Gradient_GoldenInputs_GivesGoldenLossAndGradients(string name)
    {
        var golden = GoldenCase.Load(name);
        var gradient = new float[golden.Weights.Data.Length];
        using var learner = new TorchEngine(gpu: null).Learner(golden.Weights.Config);
        learner.Take(golden.Weights);

        var loss = learner.Gradient(golden.Batch, gradient, seed: 0);

        Assert.Equal(golden["loss"][0], loss, 2e-5 * golden["loss"][0]);
        Assert.All(golden.Weights.Tensors.Where(t => t.Length > 0), t =>
            Assert.InRange(GoldenCase.Difference(golden["grad." + t.Name], golden.Weights.In(gradient, t.Name)), 0, 2e-5));
    }
}
