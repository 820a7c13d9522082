using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;
using Tft.Forecasting.Training;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>What every engine has to give: the reference's numbers within 2e-5 of each tensor's largest; forecasts and what explains them, losses, gradients, steps of training.</summary>
public abstract class EngineGoldenTests(ITestOutputHelper output)
{
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Cases => ["tiny", "odd", "fleet", "metric"];

    protected abstract IForecastEngine Engine { get; }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forecast_GoldenInputs_GivesGoldenOutputs(string name)
    {
        var golden = GoldenCase.Load(name);
        var c = golden.Weights.Config;
        using var model = Engine.Load(golden.Weights);
        var quantiles = new float[golden.Batch.Count * c.Decoder * c.Metrics * c.Quantiles.Length];
        var explanation = new Explanation(c, golden.Batch.Count);

        model.Forecast(golden.Batch, quantiles, explanation);

        Describe(model);
        Check("quantiles", golden["output.quantiles"], quantiles);
        Check("static weights", golden["output.static_weights"], explanation.StaticWeights);
        Check("history weights", golden["output.history_weights"], explanation.HistoryWeights);
        Check("future weights", golden["output.future_weights"], explanation.FutureWeights);
        Check("attention", golden["output.attention_weights"], explanation.Attention);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_GoldenInputs_GivesGoldenLossAndGradients(string name)
    {
        var golden = GoldenCase.Load(name);
        var c = golden.Weights.Config;
        var gradient = new float[golden.Weights.Data.Length];
        using var learner = Engine.Learner(c);
        learner.Take(golden.Weights);

        // twice: nothing of the first pass may be left in the second
        learner.Gradient(golden.Batch, gradient, seed: 0);
        var loss = learner.Gradient(golden.Batch, gradient, seed: 0);
        var quantiles = new float[golden.Batch.Count * c.Decoder * c.Metrics * c.Quantiles.Length];
        learner.Forecast(golden.Batch, quantiles);

        Check("loss", golden["loss"], [(float)loss]);
        Check("quantiles", golden["output.quantiles"], quantiles);
        foreach (var tensor in golden.Weights.Tensors)
            Check(tensor.Name, golden["grad." + tensor.Name], golden.Weights.In(gradient, tensor.Name));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Adam_FiveStepsOfGoldenInputs_GivesGoldenLosses(string name)
    {
        var golden = GoldenCase.Load(name);
        var weights = golden.Weights;
        var options = new TrainingOptions { LearningRate = 1e-3f };
        var adam = new Adam(weights.Data.Length);
        var gradient = new float[weights.Data.Length];
        var losses = new float[5];
        using var learner = Engine.Learner(weights.Config);

        for (var step = 0; step < losses.Length; step++)
        {
            learner.Take(weights);
            losses[step] = (float)learner.Gradient(golden.Batch, gradient, 0);
            Adam.Clip(gradient, 1f);
            adam.Step(weights.Data, gradient, options.LearningRate, options);
        }

        for (var step = 0; step < losses.Length; step++)
            Check($"loss of step {step}", golden["adam.loss"].Slice(step, 1), losses.AsSpan(step, 1));
    }

    /// <summary>What the engine has to say of a model.</summary>
    protected virtual void Describe(IForecastModel model)
    {
    }

    private void Check(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var difference = GoldenCase.Difference(expected, actual);
        output.WriteLine($"{what}: {difference:e1}");
        Assert.True(difference < Tolerance, $"{what}: {difference:e2} relative");
    }
}
