using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Bands;

/// <summary>The features on which the width of a band depends, at one lead.</summary>
internal static class BandFeatures
{
    /// <summary>Features in use; rows are padded to <see cref="NormalEquations.Width"/>.</summary>
    public const int Count = 15;

    /// <summary>The first features are constants of the origin, the others are of the lead.</summary>
    public const int Common = 8;

    private const float Cap = 3;

    /// <summary>Fills the constants of the origin from <see cref="OriginState"/>.</summary>
    public static void Common8(ReadOnlySpan<float> state, Span<float> row)
    {
        row[0] = 1;
        row[1] = state[0];
        row[2] = state[1];
        row[3] = state[2];
        row[4] = state[3];
        row[5] = Math.Min(Math.Abs(state[4]), Cap);
        row[6] = Math.Min(Math.Abs(state[5]), Cap);
        row[7] = state[6];
    }

    /// <summary>Fills the features of a lead: its spread, the base and yesterday's anomaly there, how far other forecasts are off the base.</summary>
    public static void Lead(ReadOnlySpan<float> state, float spread, float baseAnomaly, float yesterday, float lagRidge, float hour, Span<float> row)
    {
        var soft = MathF.Asinh(baseAnomaly);
        row[8] = Math.Min(state[7], Cap);
        row[9] = MathF.Log(spread);
        row[10] = Math.Min(Math.Abs(soft), Cap);
        row[11] = soft;
        row[12] = Math.Abs(MathF.Asinh(yesterday));
        row[13] = Math.Min(Math.Abs(MathF.Asinh(lagRidge - baseAnomaly)), Cap);
        row[14] = Math.Min(Math.Abs(MathF.Asinh(hour - baseAnomaly)), Cap);
    }
}
