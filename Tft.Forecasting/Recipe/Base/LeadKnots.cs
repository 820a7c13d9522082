using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>
/// Leads at which coefficients are fitted, dense where forecasts change fast; in between they are linear in the lead. So the state of a
/// server stays small, and neighbouring leads do not overfit apart.
/// </summary>
public static class LeadKnots
{
    private static readonly int[] s_leads = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 58, 70, 83, 96];
    private static readonly (int Knot, float Share)[] s_positions = [.. Enumerable.Range(0, Protocol.Horizon).Select(Position)];

    /// <summary>Number of knots.</summary>
    public static int Count => s_leads.Length;

    /// <summary>The knots: leads in steps, 1..96.</summary>
    public static ReadOnlySpan<int> Leads => s_leads;

    /// <summary>For each lead (0 is one step ahead) the knot before it and the share of the knot after it.</summary>
    public static ReadOnlySpan<(int Knot, float Share)> Positions => s_positions;

    /// <summary>Spreads values at the knots over all leads.</summary>
    public static void Interpolate(ReadOnlySpan<float> atKnots, Span<float> atLeads)
    {
        for (var lead = 0; lead < Protocol.Horizon; lead++)
        {
            var (knot, share) = s_positions[lead];
            atLeads[lead] = atKnots[knot] + (share * (atKnots[knot + 1] - atKnots[knot]));
        }
    }

    private static (int Knot, float Share) Position(int lead)
    {
        var knot = 0;
        while (knot < s_leads.Length - 2 && s_leads[knot + 1] <= lead + 1)
            knot++;
        return (knot, (lead + 1 - s_leads[knot]) / (float)(s_leads[knot + 1] - s_leads[knot]));
    }
}
