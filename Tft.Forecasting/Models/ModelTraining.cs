using Tft.Forecasting.Data;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Bands;
using Tft.Forecasting.Recipe.Base;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Training;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Models;

/// <summary>Trains a model on the fit parts of servers: the pooled recipe, the networks one after the other, the trees, then the scale of the bands.</summary>
public static class ModelTraining
{
    private const int Validations = 40;
    private const int Patience = 8;
    private const int MostValidationWindows = 2048;

    /// <summary>Trains; the same data, options and seed give the same model to the bit.</summary>
    /// <param name="servers">Servers with their fit parts; metrics that do not vary are left out.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Network (from 0) and where its training stands.</param>
    /// <param name="resumed">Network (from 0) and step at which a training that was stopped goes on.</param>
    /// <param name="grown">Told the trees that have grown.</param>
    /// <param name="cancellation">Stops after the running step, with a checkpoint; trees are begun anew.</param>
    /// <exception cref="InvalidOperationException">There is too little to learn from.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, but of other data or options; the text says which, and what to do.</exception>
    public static TrainedParts Run(IReadOnlyList<ServerSeries> servers, ModelTrainingOptions options, Action<int, TrainingProgress>? progress = null, Action<int, int>? resumed = null, Action<int>? grown = null, CancellationToken cancellation = default)
    {
        var recipe = options.Recipe with { Threads = options.Threads };
        var kept = Kept(servers, options.ValidationDays);
        var fitted = RecipeFit.Pooled(kept, recipe);
        var pooled = options.Parent?.Renewed(fitted, kept) ?? fitted;
        var training = new TrainingServer[kept.Length];
        Parallel.For(0, kept.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, i =>
        {
            LearnedSeries[] newcomer = [.. Enumerable.Repeat(pooled.Newcomer, kept[i].Metrics)];
            if (options.NewcomerShare >= 1 && !options.Unusual)
            {
                training[i] = new TrainingServer(kept[i], null, [], newcomer, 1, i);
                return;
            }

            var tables = RecipeFit.Tables(kept[i], recipe);
            var learned = RecipeFit.Learn(kept[i].Values, kept[i].SlotOf, tables, 0, kept[i].FitSteps, pooled, recipe with { Threads = 1 });
            training[i] = new TrainingServer(kept[i], tables, learned.Series, newcomer, options.NewcomerShare, i);
        });

        // what a parent has seen serves as history, and is not learned from again
        if (options.Parent is { } parent)
            training = [.. training.Select(t => t with { FirstOrigin = parent.FirstNew(t.Series) - 1 })];
        var results = new List<TrainingResult>();
        Forest? trees = null;
        var windowCount = 1L;
        if (options.Networks > 0)
        {
            var source = Source(kept, options, recipe);
            using var windows = new TrainingWindows(training, pooled.Ridge, options.OriginStep, options.ShortLeads, recipe.Stretch, options.Unusual);
            using var validation = options.ValidationDays > 0 ? ValidationWindows(training, pooled.Ridge, options) : null;
            windowCount = windows.Count;
            for (var n = 0; n < options.Networks + options.NearNetworks; n++)
                results.Add(Network(n, windows, validation, source, options, progress, resumed, cancellation));
            if (options.Trees > 0)
                trees = TreeTraining.Grow(windows, new ForestOptions { Trees = options.Trees, Seed = options.Seed, Threads = options.Threads }, options.Parent?.Model.Trees, grown, cancellation);
        }

        var scales = BandCalibration.Fit(kept, pooled, () => [.. results.Select(r => new TftCorrection(r.Weights, 64, 1))], () => trees is null ? null : new TreeCorrection(trees), recipe);
        var epochs = results.Count == 0 ? 0 : results.Average(r => (double)r.Progress.Windows) / windowCount;
        return new TrainedParts(
            pooled, [.. results.Select(r => r.Weights)], scales, [.. results.Select(r => r.Progress.Loss)], epochs, kept.Sum(s => s.Metrics), [.. results.Select(r => r.Progress.Step)],
            [.. results.Where(_ => options.ValidationDays > 0).Select(r => double.IsFinite(r.Progress.BestValidationLoss) ? r.Progress.BestValidationLoss : (double?)null)],
            (options.Parent?.Model.Info.ServerDays ?? 0) + (kept.Sum(s => (double)Math.Max(0, s.FitSteps - (options.Parent?.FirstNew(s) ?? 0))) / Protocol.Day))
        {
            Trees = trees,
        };
    }

    /// <summary>Factors on the bands of a model that is there, from the fit parts of servers: what a training ends with.</summary>
    /// <param name="model">The model; its networks and pooled parts stay.</param>
    /// <param name="servers">Servers with their fit parts; metrics that do not vary are left out.</param>
    /// <param name="threads">Threads; they do not change the result.</param>
    /// <exception cref="InvalidOperationException">There is nothing to learn from.</exception>
    public static BandScales Calibrate(ForecastModel model, IReadOnlyList<ServerSeries> servers, int threads) => BandCalibration.Fit(
        Kept(servers, model.Info.ValidationDays), model.Recipe, () => [.. model.Networks.Select(n => new TftCorrection(n, 64, 1))], model.TreeCorrection, model.Config.Recipe with { Threads = threads });

    /// <summary>What is learned from: of validation days nothing is, neither which metrics vary, nor tables and coefficients, nor networks, nor the factors on the bands.</summary>
    private static ServerSeries[] Kept(IReadOnlyList<ServerSeries> servers, int validationDays)
    {
        ServerSeries[] kept =
        [
            .. servers.Select(s => s with { FitSteps = Math.Max(0, s.FitSteps - (validationDays * Protocol.Day)) }).Select(s => s.Select(MetricSelection.Kept(s))).Where(s => s.Metrics > 0),
        ];
        return kept.Length > 0 ? kept : throw new InvalidOperationException("No metric of any server varies enough to learn from.");
    }

    /// <summary>Windows of the validation days, hourly or rarer: not so many that validating takes longer than training.</summary>
    private static TrainingWindows ValidationWindows(IReadOnlyList<TrainingServer> servers, LagRidge ridge, ModelTrainingOptions options)
    {
        var days = options.ValidationDays * Protocol.Day;
        TrainingServer[] whole = [.. servers.Select(s => s with { Series = s.Series with { FitSteps = s.Series.FitSteps + days } })];
        for (var step = Protocol.OriginStep; ; step *= 2)
        {
            var windows = new TrainingWindows(whole, ridge, step, options.ShortLeads, options.Recipe.Stretch, last: days);
            if (windows.Count <= MostValidationWindows || step > days)
                return windows;
            windows.Dispose();
        }
    }

    /// <summary>What the windows are made from, in words that tell two trainings apart; threads and checkpoints are not among it.</summary>
    private static string Source(IReadOnlyList<ServerSeries> servers, ModelTrainingOptions o, RecipeOptions recipe) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"data {SeriesHash.Of(servers)}, {recipe with { Threads = 0 }}, origins every {o.OriginStep}, short leads {o.ShortLeads:R}, newcomers {o.NewcomerShare:R}, unusual {o.Unusual}, validation {o.ValidationDays} days{(o.Parent is { } parent ? $", from {parent.Name} of {parent.Model.Info.Created:O}" : "")}");

    private static TrainingResult Network(
        int number, TrainingWindows windows, TrainingWindows? validation, string source, ModelTrainingOptions options, Action<int, TrainingProgress>? progress, Action<int, int>? resumed, CancellationToken cancellation)
    {
        var seed = options.Seed + number;
        var near = number >= options.Networks;
        var weights = new TftWeights(near ? NetworkShape.Near(options.Shape) : options.Shape);
        if (options.Parent is { } parent)
            parent.Model.Networks[number].Data.CopyTo(weights.Data, 0);
        else
            weights.Initialize(seed, zeroHead: true);
        using var trainer = new TftTrainer(weights, new TrainingOptions
        {
            Seed = seed,
            BatchSize = options.Batch,
            Steps = near ? options.NearSteps : options.Steps,
            LearningRate = options.LearningRate * (options.Parent is null ? 1 : ParentModel.RateFactor),
            Beta2 = 0.99f,
            WeightDecay = 0.01f,
            WarmupSteps = 100,
            Schedule = options.Schedule,
            InputDropout = options.InputDropout,
            AverageDecay = 0.998f,
            ValidateEvery = validation is null ? 0 : Math.Max(1, (near ? options.NearSteps : options.Steps) / Validations),
            Patience = validation is null ? 0 : Patience,
            Source = source,
            CheckpointPath = options.Checkpoints is null ? null : Path.Combine(options.Checkpoints, $"network{number}.safetensors"),
            CheckpointEvery = options.CheckpointEvery,
            Threads = options.Threads,
        }, windows, validation, engine: options.Engine);
        try
        {
            if (trainer.Resume())
                resumed?.Invoke(number, trainer.Step);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message}. Train with the data and options that it was begun with, or delete '{options.Checkpoints}' to begin anew.", e);
        }

        return trainer.Run(p => progress?.Invoke(number, p), 25, cancellation);
    }
}
