namespace Tft.Forecasting.Training;

/// <summary>How the learning rate moves.</summary>
public enum LearningRateSchedule
{
    /// <summary>Constant after the warm-up.</summary>
    Constant,

    /// <summary>Half a cosine from the peak to zero at the last step.</summary>
    Cosine,

    /// <summary>Multiplied by <see cref="TrainingOptions.PlateauFactor"/> when validation has not improved for a while.</summary>
    Plateau,
}

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Names every random choice: order of windows, dropout, augmentation.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Windows of a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Steps in all. One pass over the source is Count / BatchSize steps.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Peak learning rate.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Decay of the gradient's mean.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the gradient's square.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the root of the square.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Decoupled weight decay (AdamW); 0 is Adam.</summary>
    public float WeightDecay { get; init; }

    /// <summary>The gradient's L2 norm is cut to this; 0 leaves it.</summary>
    public float Clip { get; init; } = 1f;

    /// <summary>Steps over which the learning rate rises to its peak.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>How the learning rate moves.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Factor of <see cref="LearningRateSchedule.Plateau"/>.</summary>
    public float PlateauFactor { get; init; } = 0.5f;

    /// <summary>Validations without improvement before the learning rate falls.</summary>
    public int PlateauPatience { get; init; } = 2;

    /// <summary>Chance that a real input is zero over a whole window.</summary>
    public float InputDropout { get; init; }

    /// <summary>Decay of the weights' running mean, which is what training returns; 0 returns the weights themselves.</summary>
    public float AverageDecay { get; init; }

    /// <summary>Steps from validation to validation; 0 validates never (or has no validation source).</summary>
    public int ValidateEvery { get; init; }

    /// <summary>Validations without improvement before training stops; 0 goes on to the last step and returns the last weights.</summary>
    public int Patience { get; init; }

    /// <summary>Names the windows, by a hash of the data that they are made from; a checkpoint of other windows is refused.</summary>
    public string Source { get; init; } = "";

    /// <summary>File for the state of training; null keeps none.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Steps from checkpoint to checkpoint; 0 writes one at the end of each pass over the source.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Threads; does not change the result.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Every reason why training cannot run so; empty when it can.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Need(problems, BatchSize is > 0 and <= 65536, $"batch size {BatchSize} is not in [1, 65536]");
        Need(problems, Steps > 0, $"steps {Steps} is not positive");
        Need(problems, LearningRate > 0f && float.IsFinite(LearningRate), $"learning rate {LearningRate} is not positive");
        Need(problems, Beta1 is >= 0f and < 1f && Beta2 is >= 0f and < 1f, $"betas {Beta1}, {Beta2} are not in [0, 1)");
        Need(problems, Epsilon > 0f, $"epsilon {Epsilon} is not positive");
        Need(problems, WeightDecay >= 0f && Clip >= 0f, $"weight decay {WeightDecay} and clip {Clip} must not be negative");
        Need(problems, InputDropout is >= 0f and < 1f, $"input dropout {InputDropout} is not in [0, 1)");
        Need(problems, AverageDecay is >= 0f and < 1f, $"average decay {AverageDecay} is not in [0, 1)");
        Need(problems, PlateauFactor is > 0f and < 1f, $"plateau factor {PlateauFactor} is not in (0, 1)");
        Need(problems, WarmupSteps >= 0 && ValidateEvery >= 0 && Patience >= 0 && PlateauPatience >= 0 && CheckpointEvery >= 0, "counts of steps must not be negative");
        Need(problems, Threads > 0, $"threads {Threads} is not positive");
        Need(problems, (Patience == 0 && Schedule != LearningRateSchedule.Plateau) || ValidateEvery > 0, "early stopping and the plateau schedule need ValidateEvery");
        return problems;
    }

    /// <summary>What of the options decides the result; a checkpoint of another value is refused.</summary>
    internal string Fingerprint() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"seed {Seed}, batch {BatchSize}, steps {Steps}, rate {LearningRate:R}, betas {Beta1:R} {Beta2:R}, epsilon {Epsilon:R}, decay {WeightDecay:R}, clip {Clip:R}, warm-up {WarmupSteps}, {Schedule} {PlateauFactor:R} {PlateauPatience}, input dropout {InputDropout:R}, average {AverageDecay:R}, validate {ValidateEvery}, patience {Patience}");

    private static void Need(List<string> problems, bool met, string problem)
    {
        if (!met)
        {
            problems.Add(problem);
        }
    }
}
