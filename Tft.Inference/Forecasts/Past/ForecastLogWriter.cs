using Tft.Inference.Hosting;

namespace Tft.Inference.Forecasts.Past;

/// <summary>Writes the log of past forecasts.</summary>
internal sealed class ForecastLogWriter(ForecastLog log, TimeProvider clock, ILogger<ForecastLogWriter> logger) : BackgroundWriter("Past forecasts", clock, logger)
{
    protected override void Flush() => log.Flush();

    protected override void Expire() => log.Expire();
}
