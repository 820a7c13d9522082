using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Models;

/// <summary>The forecast of a metric as it leaves the recipe: sorted; not rounded to the metric's grid, not clamped to its range. Valid while it is being received.</summary>
/// <param name="quantiles">[96, 3] by the networks.</param>
/// <param name="fallback">[96, 3] by the base alone.</param>
/// <param name="yesterday">[96] yesterday's value.</param>
/// <param name="grid">Step of the metric's grid; 0 where it has none.</param>
/// <param name="isNewcomer">Whether one day is all that is known of the server.</param>
public readonly ref struct RawForecast(ReadOnlySpan<float> quantiles, ReadOnlySpan<float> fallback, ReadOnlySpan<float> yesterday, float grid, bool isNewcomer)
{
    /// <summary>[96, 3] p10, p50, p90 of the base, corrected by the networks.</summary>
    public ReadOnlySpan<float> Quantiles { get; } = quantiles;

    /// <summary>[96, 3] p10, p50, p90 of the base alone.</summary>
    public ReadOnlySpan<float> Base { get; } = fallback;

    /// <summary>[96] <see cref="YesterdayForecast"/>.</summary>
    public ReadOnlySpan<float> Yesterday { get; } = yesterday;

    /// <summary>Step of the metric's grid; 0 where it has none.</summary>
    public float Grid { get; } = grid;

    /// <summary>Whether one day is all that is known of the server.</summary>
    public bool IsNewcomer { get; } = isNewcomer;
}
