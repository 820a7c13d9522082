using Tft.Forecasting.Network;
using Tft.Forecasting.Training;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>Five steps of Adam against the reference's losses.</summary>
[Trait("Ring", "unit")]
public sealed class AdamGoldenTests
{
    [Theory]
    [InlineData("tiny", 1)]
    [InlineData("odd", 2)]
    [InlineData("fleet", 2)]
    [InlineData("metric", 3)]
    public void FiveSteps_GoldenInputs_GivesGoldenLosses(string name, int threads)
    {
        var golden = GoldenCase.Load(name);
        var weights = golden.Weights;
        var options = new TrainingOptions { LearningRate = 1e-3f };
        var adam = new Adam(weights.Data.Length);
        var gradient = new float[weights.Data.Length];
        var losses = new float[5];
        using var network = new SlicedNetwork(weights.Config, threads);

        for (var step = 0; step < 5; step++)
        {
            network.Pack(weights);
            losses[step] = (float)network.Learn(golden.Batch, weights, gradient, 0);
            Adam.Clip(gradient, 1f);
            adam.Step(weights.Data, gradient, options.LearningRate, options);
        }

        for (var step = 0; step < 5; step++)
        {
            var expected = golden["adam.loss"][step];
            Assert.True(Math.Abs(losses[step] - expected) < 2e-5 * expected, $"step {step}: {losses[step]} for {expected}");
        }
    }
}
