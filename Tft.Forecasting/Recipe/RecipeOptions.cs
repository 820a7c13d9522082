namespace Tft.Forecasting.Recipe;

/// <summary>The settings of the recipe. They were chosen on validation blocks of fit parts; see docs/forecasting.md.</summary>
public sealed record RecipeOptions
{
    /// <summary>Blocks of days for cross-fitting.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Steps between two origins that are fitted on.</summary>
    public int OriginStep { get; init; } = 3;

    /// <summary>Steps between two origins of which each is seen as a newcomer's.</summary>
    public int NewcomerStep { get; init; } = 49;

    /// <summary>Steps between two origins of the lag ridge.</summary>
    public int RidgeStep { get; init; } = 12;

    /// <summary>Pull of a metric's coefficients towards the pooled ones.</summary>
    public double Shrinkage { get; init; } = 100;

    /// <summary>Ridge of what the other metrics of a server add.</summary>
    public double CrossRidge { get; init; } = 2000;

    /// <summary>Rounds of reweighting of the base.</summary>
    public int Reweightings { get; init; } = 2;

    /// <summary>Residuals below this many units weigh the same.</summary>
    public float ResidualFloor { get; init; } = 0.5f;

    /// <summary>Pull of a metric's band coefficients towards the pooled ones.</summary>
    public double BandShrinkage { get; init; } = 100;

    /// <summary>
    /// Whether a metric that has left its usual range for good is seen in a larger unit (<see cref="WindowView.Scale"/>). Clipped at ten units, a leak or a
    /// stall looks the same from its first hour to its worst. False in models that are older than the setting.
    /// </summary>
    public bool Stretch { get; init; }

    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 2;
}
