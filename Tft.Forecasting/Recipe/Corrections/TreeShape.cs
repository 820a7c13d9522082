using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>
/// At which leads trees correct: those of the next hour and a quarter, where the last steps decide. Trees for the leads after them gained as much on ASD and SMD, but
/// they know the days that they grew on too well to say how wide a band has to be: SMD's held .76 instead of .78 of what came.
/// </summary>
internal static class TreeShape
{
    /// <summary>Knots that trees answer at: leads 1 to 15.</summary>
    private const int Knots = 10;

    /// <summary>Share of the correction that is the trees' for an hour: they see what networks do not, and the mean of both is ahead of either.</summary>
    private const float MostShare = 0.8f;

    /// <summary>Leads, in steps from 1, that trees correct; in between corrections are linear in the lead.</summary>
    public static ReadOnlySpan<int> Leads => LeadKnots.Leads[..Knots];

    /// <summary>Share of the correction that is the trees': all that they get for an hour, then less, nothing after their last lead.</summary>
    /// <param name="lead">0 is one step ahead.</param>
    public static float Share(int lead) => MostShare * Math.Clamp((Leads[^1] + 1 - lead) / 5f, 0, 1);
}
