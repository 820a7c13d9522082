using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Bands;

/// <summary>
/// The factor on the bands at each knot. A band that is rounded to the grid of a metric covers more than it says, the more so the narrower it is: at short leads;
/// what a knot covers beyond the mean over all leads is taken back. And no knot is narrower than what <see cref="Promise"/> asked for on days after those that the
/// state was learned from. A band that covers more than it says on all leads is left so: on the fit parts that were tried, how much more was no measure of what
/// followed.
/// </summary>
internal static class BandScale
{
    /// <summary>Share of the outcomes that a band holds.</summary>
    public const double Promise = 0.8;

    /// <summary>Factors [knots].</summary>
    /// <param name="fitted">Days of which the tables were made without the days themselves.</param>
    /// <param name="later">Days after all that the state was learned from; empty: nothing asks for wider bands.</param>
    public static float[] Of(BandTally fitted, BandTally later)
    {
        // the mean over all leads, not over the knots, which are dense where leads are short
        var atKnots = new float[LeadKnots.Count];
        var atLeads = new float[Protocol.Horizon];
        for (var k = 0; k < atKnots.Length; k++)
            atKnots[k] = (float)fitted.Covered(k);
        LeadKnots.Interpolate(atKnots, atLeads);
        var mean = atLeads.Average();
        var asked = Asked(later);
        for (var k = 0; k < atKnots.Length; k++)
            atKnots[k] = Math.Max(asked[k], Math.Min(1, fitted.LeastFor(k, Math.Min(atKnots[k], mean))));
        return atKnots;
    }

    /// <summary>
    /// Factors [knots] for newcomers: every window of theirs comes after all that is known of them. Nothing is taken back: on blocks of ASD and SMD what short leads
    /// cover more on some days they do not on later ones.
    /// </summary>
    public static float[] OfNewcomers(BandTally days) => [.. Asked(days).Select(f => Math.Max(1, f))];

    /// <summary>What the promise asks for, each knot with a quarter of either neighbour.</summary>
    private static float[] Asked(BandTally later)
    {
        var asked = new float[LeadKnots.Count];
        if (later.IsEmpty)
            return asked;
        float[] raw = [.. Enumerable.Range(0, asked.Length).Select(k => later.LeastFor(k, Promise))];
        for (var k = 0; k < asked.Length; k++)
            asked[k] = MathF.Round((raw[k] / 2) + ((raw[Math.Max(0, k - 1)] + raw[Math.Min(asked.Length - 1, k + 1)]) / 4), 3);
        return asked;
    }
}
