using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>The forecasting engine, with its tables, against the reference's numbers.</summary>
[Trait("Ring", "unit")]
public sealed class ManagedModelGoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases => ["tiny", "odd", "fleet", "metric"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forecast_GoldenInputs_GivesGoldenOutputs(string name)
    {
        var golden = GoldenCase.Load(name);
        var c = golden.Weights.Config;
        using var model = new ManagedEngine(2).Load(golden.Weights);
        var quantiles = new float[golden.Batch.Count * c.Decoder * c.Metrics * c.Quantiles.Length];
        var explanation = new Explanation(c, golden.Batch.Count);

        model.Forecast(golden.Batch, quantiles, explanation);

        output.WriteLine($"largest table error {((ManagedModel)model).TableError:e1}");
        Check("quantiles", golden["output.quantiles"], quantiles);
        Check("static weights", golden["output.static_weights"], explanation.StaticWeights);
        Check("history weights", golden["output.history_weights"], explanation.HistoryWeights);
        Check("future weights", golden["output.future_weights"], explanation.FutureWeights);
        Check("attention", golden["output.attention_weights"], explanation.Attention);
    }

    private void Check(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var difference = GoldenCase.Difference(expected, actual);
        output.WriteLine($"{what}: {difference:e1}");
        Assert.True(difference < 2e-5, $"{what}: {difference:e2} relative");
    }
}
