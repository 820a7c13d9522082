using Tft.Forecasting.Network;
using Tft.Forecasting.Network.Buffers;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>The network against the reference's numbers, within 2e-5 of each tensor's largest number.</summary>
[Trait("Ring", "unit")]
public sealed unsafe class NetworkGoldenTests(ITestOutputHelper output)
{
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Cases => ["tiny", "odd", "fleet", "metric"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forecast_GoldenInputs_GivesGoldenOutputs(string name)
    {
        var golden = GoldenCase.Load(name);
        var network = new TftNetwork(golden.Weights.Config);
        network.Pack(golden.Weights);
        var pass = new Pass { Weights = network.Weights, Tape = network.NewTape().Pointer };
        var c = golden.Weights.Config;
        var quantiles = new float[golden.Batch.Count * c.Decoder * c.Metrics * c.Quantiles.Length];
        var explanation = new Explanation(c, golden.Batch.Count);

        for (var first = 0; first < golden.Batch.Count; first += TftNetwork.SliceWindows)
        {
            network.Forecast(pass, golden.Batch, first, Math.Min(TftNetwork.SliceWindows, golden.Batch.Count - first), quantiles, explanation);
        }

        Check("quantiles", golden["output.quantiles"], quantiles);
        Check("static weights", golden["output.static_weights"], explanation.StaticWeights);
        Check("history weights", golden["output.history_weights"], explanation.HistoryWeights);
        Check("future weights", golden["output.future_weights"], explanation.FutureWeights);
        Check("attention", golden["output.attention_weights"], explanation.Attention);
    }

    [Theory]
    [MemberData(nameof(Cases))]
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
        Check("loss", golden["loss"], [(float)(loss * scale)]);
        foreach (var tensor in golden.Weights.Tensors)
        {
            Check(tensor.Name, golden["grad." + tensor.Name], golden.Weights.In(g, tensor.Name));
        }
    }

    private void Check(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var difference = GoldenCase.Difference(expected, actual);
        output.WriteLine($"{what}: {difference:e1}");
        Assert.True(difference < Tolerance, $"{what}: {difference:e2} relative");
    }
}
