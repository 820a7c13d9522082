using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;
using Tft.Forecasting.Training;
using Xunit.Abstractions;

namespace Tft.Tests.Forecasting.Golden;

/// <summary>What every engine has to give: the reference's numbers within 2e-5 of each tensor's largest; forecasts and what explains them, losses, gradients, steps of training.</summary>
public abstract class EngineGoldenTests(ITestOutputHelper output)
{
    protected abstract IForecastEngine Engine { get; }

    [Theory]
    [MemberData(nameof(GoldenCase.Names), MemberType = typeof(GoldenCase))]
    public void Forecast_GoldenInputs_GivesGoldenOutputs(string name)
    {
        var golden = GoldenCase.Load(name);
        var c = golden.Weights.Config;
        using var model = Engine.Load(golden.Weights);
        var quantiles = golden.NewQuantiles();
        var explanation = new Explanation(c, golden.Batch.Count);

        model.Forecast(golden.Batch, quantiles, explanation);

        Describe(model);
        golden.CheckForecast(output, quantiles, explanation);
    }

    [Theory]
    [MemberData(nameof(GoldenCase.Names), MemberType = typeof(GoldenCase))]
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
        var quantiles = golden.NewQuantiles();
        learner.Forecast(golden.Batch, quantiles);

        GoldenCase.Check(output, "loss", golden["loss"], [(float)loss]);
        GoldenCase.Check(output, "quantiles", golden["output.quantiles"], quantiles);
        golden.CheckGradient(output, gradient);
    }

    [Theory]
    [MemberData(nameof(GoldenCase.Names), MemberType = typeof(GoldenCase))]
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
            GoldenCase.Check(output, $"loss of step {step}", golden["adam.loss"].Slice(step, 1), losses.AsSpan(step, 1));
    }

    /// <summary>What the engine has to say of a model.</summary>
    protected virtual void Describe(IForecastModel model)
    {
    }
}
