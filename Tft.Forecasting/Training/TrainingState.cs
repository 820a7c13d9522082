using Tft.Forecasting.Network;

namespace Tft.Forecasting.Training;

/// <summary>Everything that the next step of a training depends on, so everything that a checkpoint holds.</summary>
internal sealed class TrainingState(TftWeights initial)
{
    public TftWeights Weights { get; } = initial;

    /// <summary>Running mean of the weights.</summary>
    public float[] Average { get; } = (float[])initial.Data.Clone();

    /// <summary>The weights of the best validation.</summary>
    public float[] Best { get; } = (float[])initial.Data.Clone();

    public Adam Adam { get; } = new(initial.Data.Length);

    /// <summary>Steps done.</summary>
    public int Step { get; set; }

    /// <summary>Running mean of the training loss; NaN before the first step.</summary>
    public double Loss { get; set; } = double.NaN;

    public double ValidationLoss { get; set; } = double.NaN;

    public double BestLoss { get; set; } = double.NaN;

    /// <summary>Validations since the best one.</summary>
    public int Stale { get; set; }

    /// <summary>Times that the plateau schedule has lowered the learning rate.</summary>
    public int Drops { get; set; }

    public bool Stopped { get; set; }
}
