using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts;

/// <summary>Sees every forecast that is about to be published, on the forecaster's thread. Must be quick and must not throw.</summary>
internal interface IForecastObserver
{
    /// <param name="server">What is published; its origin is the end of the last closed bucket where <c>KnownSteps</c> is above 0.</param>
    /// <param name="window">Where the window stands.</param>
    /// <param name="values">The window, [288 x 14].</param>
    /// <param name="quantiles">The forecast, [96 x 14 x 3].</param>
    void Forecast(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles);

    /// <summary>The server is no longer published.</summary>
    void Retired(ServerSnapshot server);
}
