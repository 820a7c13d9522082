using Tft.Forecasting.Recipe.Online;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>
/// The simplest forecast that knows the day: yesterday's value at the same time, a little smoothed, plus today's distance from yesterday, which decays with the hours.
/// It knows nothing of coefficients, so it is what they are held against (<see cref="YesterdayTrust"/>).
/// </summary>
public static class YesterdayForecast
{
    /// <summary>Of today's distance from yesterday so much is left after each step: half after about an hour.</summary>
    public const float DistanceDecay = 0.945f;

    private const int Newest = 3;

    /// <summary>Forecasts a metric.</summary>
    /// <param name="window">[288] without gaps, oldest first.</param>
    /// <param name="forecast">[96].</param>
    public static void Write(ReadOnlySpan<float> window, Span<float> forecast)
    {
        var distance = -Smooth(window, 0);
        for (var i = 1; i <= Newest; i++)
            distance += window[^i] / Newest;
        for (var lead = 0; lead < forecast.Length; lead++)
        {
            distance *= DistanceDecay;
            forecast[lead] = Smooth(window, lead) + distance;
        }
    }

    // before the first step of the window there is none
    private static float Smooth(ReadOnlySpan<float> window, int at) =>
        at == 0 ? (window[0] + window[1]) / 2 : (window[at - 1] + window[at] + window[at + 1]) / 3;
}
