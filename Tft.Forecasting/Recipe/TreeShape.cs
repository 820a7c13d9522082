namespace Tft.Forecasting.Recipe;

/// <summary>At which leads trees correct: a forest for those of the next hour and a quarter, where the last steps decide, and one for those after it.</summary>
internal static class TreeShape
{
    /// <summary>Knots of the first forest: leads 1 to 15.</summary>
    private const int NearKnots = 10;

    /// <summary>Number of forests.</summary>
    public const int Forests = 2;

    /// <summary>Leads, in steps from 1, that a forest corrects; in between corrections are linear in the lead.</summary>
    public static ReadOnlySpan<int> Leads(int forest) => forest == 0 ? LeadKnots.Leads[..NearKnots] : LeadKnots.Leads[NearKnots..];

    /// <summary>The first knot of a forest.</summary>
    public static int FirstKnot(int forest) => forest == 0 ? 0 : NearKnots;
}
