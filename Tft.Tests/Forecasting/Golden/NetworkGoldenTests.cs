using Tft.Forecasting.Network;
using Tft.Forecasting.Network.Buffers;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>The network against the reference's numbers, within 2e-5 of each tensor's largest number.</summary>
[Trait("Ring", "unit")]
public sealed unsafe class NetworkGoldenTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(GoldenCase.Names), MemberType = typeof(GoldenCase))]
    public void Forecast_GoldenInputs_GivesGoldenOutputs(string name)
    {
        var golden = GoldenCase.Load(name);
        var network = new TftNetwork(golden.Weights.Config);
        network.Pack(golden.Weights);
        var pass = new Pass { Weights = network.Weights, Tape = network.NewTape().Pointer };
        var c = golden.Weights.Config;
        var quantiles = golden.NewQuantiles();
        var explanation = new Explanation(c, golden.Batch.Count);

        for (var first = 0; first < golden.Batch.Count; first += TftNetwork.SliceWindows)
        {
            network.Forecast(pass, golden.Batch, first, Math.Min(TftNetwork.SliceWindows, golden.Batch.Count - first), quantiles, explanation);
        }

        golden.CheckForecast(output, quantiles, explanation);
    }

    [Theory]
    [MemberData(nameof(GoldenCase.Names), MemberType = typeof(GoldenCase))]
    public void Learn_GoldenInputs_GivesGoldenLossAndGradients(string name)
    {
        var golden = GoldenCase.Load(name);
        var network = new TftNetwork(golden.Weights.Config);
        network.Pack(golden.Weights);
        var tape = network.NewTape();
        var gradient = new FloatBlock(network.GradientSize);
        var pass = new Pass { Weights = network.Weights, Tape = tape.Pointer, Gradient = gradient.Pointer };
        var batch = golden.Batch;
        var scale = 1.0 / (QuantileLoss.SeenWeight(batch.Targets, batch.TargetWeights) * batch.Config.Quantiles.Length);

        var loss = 0.0;
        for (var first = 0; first < batch.Count; first += TftNetwork.SliceWindows)
        {
            loss += network.Learn(pass, batch, first, Math.Min(TftNetwork.SliceWindows, batch.Count - first), (float)scale);
        }

        var g = new float[golden.Weights.Data.Length];
        network.Collect(gradient.Pointer, golden.Weights, g);
        GoldenCase.Check(output, "loss", golden["loss"], [(float)(loss * scale)]);
        golden.CheckGradient(output, g);
    }
}
