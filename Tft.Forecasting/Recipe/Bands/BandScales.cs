using Tft.Forecasting.Data;
using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Bands;

/// <summary>Factors on the bands [knots]: a server of which weeks are known errs otherwise than one of which a day is, and the base otherwise than the networks.</summary>
/// <param name="Weeks">Of the networks, for a server with a state of its own.</param>
/// <param name="WeeksBase">Of the base alone, likewise.</param>
/// <param name="Newcomer">Of the networks, for a server of which one day is known.</param>
/// <param name="NewcomerBase">Of the base alone, likewise.</param>
public sealed record BandScales(IReadOnlyList<float> Weeks, IReadOnlyList<float> WeeksBase, IReadOnlyList<float> Newcomer, IReadOnlyList<float> NewcomerBase)
{
    /// <summary>Bands as they come.</summary>
    public static BandScales One { get; } = Same([.. Enumerable.Repeat(1f, LeadKnots.Count)]);

    /// <summary>The same factors for all.</summary>
    public static BandScales Same(IReadOnlyList<float> factors) => new(factors, factors, factors, factors);

    /// <summary>[96] factors of one kind.</summary>
    internal static float[] AtLeads(IReadOnlyList<float> factors)
    {
        var atLeads = new float[Protocol.Horizon];
        LeadKnots.Interpolate([.. factors], atLeads);
        return atLeads;
    }
}
