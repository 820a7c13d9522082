namespace Tft.Forecasting.Trees;

/// <summary>How trees are grown. Chosen on validation blocks of fit parts; see docs/forecasting.md.</summary>
public sealed record ForestOptions
{
    /// <summary>Trees.</summary>
    public int Trees { get; init; } = 300;

    /// <summary>Splits from root to leaf, at most.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Rows of a leaf, at least.</summary>
    public int LeastRows { get; init; } = 200;

    /// <summary>Share of a tree's correction that is taken.</summary>
    public float Rate { get; init; } = 0.1f;

    /// <summary>Pull of a leaf's correction to none, in rows.</summary>
    public float LeafPull { get; init; } = 200;

    /// <summary>Added to the rows on either side of a split when its gain is judged.</summary>
    public double GainPull { get; init; } = 50;

    /// <summary>Gain of a split, at least.</summary>
    public double LeastGain { get; init; } = 3;

    /// <summary>Share of the rows that a tree sees.</summary>
    public float RowShare { get; init; } = 0.3f;

    /// <summary>Share of the features that a tree sees.</summary>
    public float FeatureShare { get; init; } = 0.4f;

    /// <summary>Seed of both choices.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; they do not change the result.</summary>
    public int Threads { get; init; } = 2;
}
