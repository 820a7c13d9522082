using Microsoft.Extensions.Options;
using Tft.Inference.Forecasts.Quality;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.Forecasts.Past;

/// <summary>Keeps what is forecast for the servers that are compared with what came.</summary>
internal sealed class ForecastKeeper(IOptions<QualityOptions> options, ForecastLog log) : IForecastObserver
{
    public void Forecast(ServerSnapshot server, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<float> quantiles)
    {
        if (window.KnownSteps >= ForecastShape.MinimumSteps && server.Number < options.Value.Servers)
            log.Take(server.Name, window.LastStep, quantiles);
    }

    public void Retired(ServerSnapshot server)
    {
        // Its days go with the others.
    }
}
