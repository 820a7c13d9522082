using Tft.Forecasting.Engines;
using Tft.Forecasting.Engines.Gpu;
using Tft.Forecasting.Engines.Torch;
using Tft.Forecasting.Network;
using Tft.Forecasting.Network.Layers;
using Tft.Forecasting.Training;
using Tft.Tests.Forecasting.Golden;
using Tft.Tests.Forecasting.Training;
using TorchSharp;

namespace Tft.Tests.Forecasting.Engines;

/// <summary>What the golden files do not show of the engine on PyTorch's kernels: that it trains as the C# engine does. Only in the full package set.</summary>
[Trait("Ring", "unit")]
[Collection("PyTorch")]
public sealed class TorchEngineTests
{
    private const double Tolerance = 2e-5;
    private static readonly TorchEngine s_torch = new(gpu: null);
    private static readonly ManagedEngine s_managed = new(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_GapsWeightsAndOffsets_IsThatOfTheManagedEngine(bool wideHead)
    {
        var config = SineSource.Config with { Dropout = 0, WideHead = wideHead };
        var (weights, batch) = (Weights(config), Batch(config, 9));
        var (expected, actual) = (new float[weights.Data.Length], new float[weights.Data.Length]);

        var loss = Gradient(s_managed, weights, batch, expected, 0);

        Assert.Equal(loss, Gradient(s_torch, weights, batch, actual, 0), Tolerance * loss);
        Assert.All(weights.Tensors.Where(t => t.Length > 0), t => Assert.InRange(GoldenCase.Difference(weights.In(expected, t.Name), weights.In(actual, t.Name)), 0, Tolerance));
    }

    [Fact]
    public void Gradient_NoTargetSeen_IsZero()
    {
        var (weights, batch) = (Weights(SineSource.Config), Batch(SineSource.Config, 3));
        batch.Targets.AsSpan().Fill(float.NaN);
        var gradient = Enumerable.Repeat(1f, weights.Data.Length).ToArray();

        Assert.Equal(0.0, Gradient(s_torch, weights, batch, gradient, 0));
        Assert.All(gradient, g => Assert.Equal(0f, g));
    }

    [Fact]
    public void Gradient_Dropout_IsNamedByTheSeed()
    {
        var config = SineSource.Config with { Dropout = 0.3f };
        var (weights, batch) = (Weights(config), Batch(config, 9));
        var gradient = new float[weights.Data.Length];
        using var learner = s_torch.Learner(config);
        learner.Take(weights);

        var first = learner.Gradient(batch, gradient, 5);

        Assert.Equal(first, learner.Gradient(batch, gradient, 5));
        Assert.NotEqual(first, learner.Gradient(batch, gradient, 6));
    }

    [Fact]
    public void Train_WithoutDropout_EndsWhereTheManagedEngineDoes()
    {
        TrainingResult Train(IForecastEngine engine)
        {
            var options = new TrainingOptions { Seed = 7, BatchSize = 10, Steps = 60, LearningRate = 5e-3f, WarmupSteps = 5, ValidateEvery = 20, Patience = 3, Threads = 1 };
            using var trainer = new TftTrainer(Weights(SineSource.Config with { Dropout = 0 }), options, new SineSource(90), new SineSource(30, 1000), engine: engine);
            return trainer.Run();
        }

        var (managed, torch) = (Train(s_managed).Progress, Train(s_torch).Progress);

        Assert.Equal(managed.Loss, torch.Loss, 1e-3 * managed.Loss);
        Assert.Equal(managed.BestValidationLoss, torch.BestValidationLoss, 1e-3 * managed.BestValidationLoss);
    }

    [Fact]
    public async Task Forecast_FromSeveralThreads_GivesEachTheSameAndKeepsNoTensor()
    {
        var (weights, batch) = (Weights(SineSource.Config), Batch(SineSource.Config, 7));
        var expected = new float[7 * Size(SineSource.Config)];
        var model = s_torch.Load(weights);
        model.Forecast(batch, expected);
        var tensors = torch.Tensor.TotalCount;

        await Parallel.ForAsync(0, 40, (_, _) =>
        {
            var quantiles = new float[expected.Length];
            model.Forecast(batch, quantiles, new Explanation(SineSource.Config, 7));
            Assert.Equal(expected, quantiles);
            return ValueTask.CompletedTask;
        });

        Assert.Equal(tensors, torch.Tensor.TotalCount);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Forecast(batch, expected));
    }

    [Fact]
    public void Gradient_ManyTimes_KeepsNoTensor()
    {
        var (weights, batch) = (Weights(SineSource.Config), Batch(SineSource.Config, 7));
        var gradient = new float[weights.Data.Length];
        using var learner = s_torch.Learner(SineSource.Config);
        void Step(int seed)
        {
            learner.Take(weights);
            learner.Gradient(batch, gradient, (ulong)seed);
        }

        Step(0);
        var tensors = torch.Tensor.TotalCount;
        for (var i = 1; i < 10; i++)
            Step(i);

        Assert.Equal(tensors, torch.Tensor.TotalCount);
    }

    /// <summary>The factory is found, and a device that PyTorch does not see is an error that says so.</summary>
    [Fact]
    public void Choose_ADeviceThatPyTorchDoesNotSee_SaysSo()
    {
        var gpu = new GpuDevice(98, "NVIDIA H100 80GB HBM3", 9, 0, 80L << 30);
        var error = Assert.Throws<InvalidOperationException>(() => DeviceEngine.Choose(DeviceChoice.Parse("cuda:98"), 1, [gpu], DeviceEngine.Factories));
        Assert.Contains("PyTorch cannot use it", error.Message, StringComparison.Ordinal);
    }

    private static int Size(TftConfig c) => c.Decoder * c.Metrics * c.Quantiles.Length;

    private static double Gradient(IForecastEngine engine, TftWeights weights, WindowBatch batch, float[] gradient, ulong seed)
    {
        using var learner = engine.Learner(weights.Config);
        learner.Take(weights);
        return learner.Gradient(batch, gradient, seed);
    }

    private static TftWeights Weights(TftConfig config)
    {
        var weights = new TftWeights(config);
        weights.Initialize(3);
        return weights;
    }

    private static WindowBatch Batch(TftConfig config, int count)
    {
        var batch = new WindowBatch(config, count, training: true) { Count = count };
        var source = new SineSource(count);
        for (var i = 0; i < count; i++)
            source.Fill(i, batch, i, (ulong)i);
        for (var i = 0; i < batch.Offsets.Length; i++)
            batch.Offsets[i] = 0.1f * MathF.Sin(i);
        return batch;
    }
}
