using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Training;

namespace Tft.Forecasting.Models;

/// <summary>How a model is trained.</summary>
public sealed record ModelTrainingOptions
{
    /// <summary>Networks whose mean is the forecast; each has its own seed.</summary>
    public int Networks { get; init; } = 4;

    /// <summary>Networks for the next leads, beside the others: <see cref="NetworkShape.Near"/>.</summary>
    public int NearNetworks { get; init; }

    /// <summary>Steps of the training of each of them.</summary>
    public int NearSteps { get; init; } = 12000;

    /// <summary>Trees that correct the base beside the networks for the next hour; 0 for none. Of a training that continues a model: how many more.</summary>
    public int Trees { get; init; }

    /// <summary>The networks take the first so many inputs of the future.</summary>
    public int FutureInputs { get; init; } = NetworkShape.MostFutureInputs;

    /// <summary>Shape of the networks that look all eight hours ahead.</summary>
    public TftConfig Shape => NetworkShape.Of(Hidden, Heads, Dropout, WideHead, FutureInputs);

    /// <summary>H of a network.</summary>
    public int Hidden { get; init; } = 16;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>Whether the networks can say very large corrections (<see cref="TftConfig.WideHead"/>).</summary>
    public bool WideHead { get; init; }

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

    /// <summary>
    /// Days at the end of the fit part that networks and calibration do not learn from: training stops when the loss on them no longer falls, and the weights of
    /// the lowest loss are taken. 0: the last ones, after all steps.
    /// </summary>
    public int ValidationDays { get; init; }

    /// <summary>How the learning rate falls. <see cref="LearningRateSchedule.Plateau"/> halves it when the loss on the validation days stalls, so it needs some.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Share of the origins that the networks see as a newcomer's, of whom one day is known; at the others they see tables from all other days.</summary>
    public double NewcomerShare { get; init; }

    /// <summary>The model that is continued; null: from nothing. <see cref="ParentModel.Continue"/> sets it and what goes with it.</summary>
    public ParentModel? Parent { get; init; }

    /// <summary>Whether every origin before which a metric was far from usual for an hour is trained on, not only one in <see cref="OriginStep"/>.</summary>
    public bool Unusual { get; init; }

    /// <summary>Seed of the first network.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; they do not change the result.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>What computes the gradients; null: the C# engine.</summary>
    public IForecastEngine? Engine { get; init; }

    /// <summary>Folder for checkpoints, from which a training that was killed goes on; null keeps none.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>Steps from checkpoint to checkpoint; they do not change the result.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Settings of the recipe.</summary>
    public RecipeOptions Recipe { get; init; } = new();
}
