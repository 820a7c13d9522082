using Tft.Forecasting.Data;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Training;

namespace Tft.Forecasting.Models;

/// <summary>How a model is trained.</summary>
public sealed record ModelTrainingOptions
{
    /// <summary>Networks whose mean is the forecast; each has its own seed.</summary>
    public int Networks { get; init; } = 4;

    /// <summary>H of a network.</summary>
    public int Hidden { get; init; } = 16;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>Steps of a network's training.</summary>
    public int Steps { get; init; } = 6000;

    /// <summary>Windows of a step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Peak learning rate.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Dropout inside the network.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Chance that an input is silenced in a whole window.</summary>
    public float InputDropout { get; init; } = 0.1f;

    /// <summary>How much more short leads weigh.</summary>
    public float ShortLeads { get; init; } = 8;

    /// <summary>Steps between two origins that are trained on.</summary>
    public int OriginStep { get; init; } = 2;

    /// <summary>Whether the networks learn to forecast servers of which one day is known, as the service does.</summary>
    public bool Newcomers { get; init; }

    /// <summary>Seed of the first network.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; they do not change the result.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Folder for checkpoints, from which a training that was killed goes on; null keeps none.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>Steps from checkpoint to checkpoint; they do not change the result.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Settings of the recipe.</summary>
    public RecipeOptions Recipe { get; init; } = new();
}

/// <summary>What came of a training.</summary>
public sealed record TrainedParts(RecipeModel Recipe, IReadOnlyList<TftWeights> Networks, IReadOnlyList<float> BandScale, IReadOnlyList<double> Losses, double Epochs, int Series);

/// <summary>Trains a model on the fit parts of servers: the pooled recipe, the networks one after the other, then the scale of the bands.</summary>
public static class ModelTraining
{
    private const int CalibrationStep = 37;

    /// <summary>Trains; the same data, options and seed give the same model to the bit.</summary>
    /// <param name="servers">Servers with their fit parts; metrics that do not vary are left out.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Network (from 0) and where its training stands.</param>
    /// <param name="resumed">Network (from 0) and step at which a training that was stopped goes on.</param>
    /// <param name="cancellation">Stops after the running step, with a checkpoint.</param>
    /// <exception cref="InvalidOperationException">There is too little to learn from.</exception>
    public static TrainedParts Run(IReadOnlyList<ServerSeries> servers, ModelTrainingOptions options, Action<int, TrainingProgress>? progress = null, Action<int, int>? resumed = null, CancellationToken cancellation = default)
    {
        var recipe = options.Recipe with { Threads = options.Threads };
        ServerSeries[] kept = [.. servers.Select(s => s.Select(MetricSelection.Kept(s))).Where(s => s.Metrics > 0)];
        if (kept.Length == 0)
            throw new InvalidOperationException("No metric of any server varies enough to learn from.");
        var pooled = RecipeFit.Pooled(kept, recipe);
        var training = new TrainingServer[kept.Length];
        Parallel.For(0, kept.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, i =>
        {
            if (options.Newcomers)
            {
                training[i] = new TrainingServer(kept[i], null, [.. Enumerable.Repeat(pooled.Newcomer, kept[i].Metrics)]);
                return;
            }

            var tables = RecipeFit.Tables(kept[i], recipe);
            var learned = RecipeFit.Learn(kept[i].Values, kept[i].SlotOf, tables, 0, kept[i].FitSteps, pooled, recipe with { Threads = 1 });
            training[i] = new TrainingServer(kept[i], tables, learned.Series);
        });

        var (networks, losses) = (new List<TftWeights>(), new List<double>());
        double epochs = 0;
        if (options.Networks > 0)
        {
            using var windows = new TrainingWindows(training, pooled.Ridge, options.OriginStep, options.ShortLeads);
            epochs = options.Steps * (double)options.Batch / windows.Count;
            for (var n = 0; n < options.Networks; n++)
            {
                var result = Network(n, windows, options, progress, resumed, cancellation);
                networks.Add(result.Weights);
                losses.Add(result.Progress.Loss);
            }
        }

        var scale = BandScale.Fit(training, pooled.Ridge, () => [.. networks.Select(w => new TftCorrection(w, 64, 1))], CalibrationStep, options.Threads);
        return new TrainedParts(pooled, networks, scale, losses, epochs, kept.Sum(s => s.Metrics));
    }

    private static TrainingResult Network(int number, TrainingWindows windows, ModelTrainingOptions options, Action<int, TrainingProgress>? progress, Action<int, int>? resumed, CancellationToken cancellation)
    {
        var seed = options.Seed + number;
        var weights = new TftWeights(NetworkShape.Of(options.Hidden, options.Heads, options.Dropout));
        weights.Initialize(seed, zeroHead: true);
        using var trainer = new TftTrainer(weights, new TrainingOptions
        {
            Seed = seed,
            BatchSize = options.Batch,
            Steps = options.Steps,
            LearningRate = options.LearningRate,
            Beta2 = 0.99f,
            WeightDecay = 0.01f,
            WarmupSteps = 100,
            Schedule = LearningRateSchedule.Cosine,
            InputDropout = options.InputDropout,
            AverageDecay = 0.998f,
            CheckpointPath = options.Checkpoints is null ? null : Path.Combine(options.Checkpoints, $"network{number}.safetensors"),
            CheckpointEvery = options.CheckpointEvery,
            Threads = options.Threads,
        }, windows);
        if (trainer.Resume())
            resumed?.Invoke(number, trainer.Step);
        return trainer.Run(p => progress?.Invoke(number, p), 25, cancellation);
    }
}
