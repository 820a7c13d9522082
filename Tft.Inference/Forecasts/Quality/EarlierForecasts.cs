using Tft.Inference.Forecasts.Past;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>
/// What had been forecast before the process began, for servers that are seen for the first time; read on the forecaster's thread and therefore for five seconds in all:
/// a server that comes after them is judged by what is forecast from now on.
/// </summary>
internal sealed partial class EarlierForecasts(ForecastLog log, TimeProvider time, ILogger<EarlierForecasts> logger)
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(5);
    private static readonly KeptForecasts s_none = new([]);

    private TimeSpan _taken;
    private bool _said;

    /// <summary>What was forecast by the forecasts made from one step to another, both inclusive.</summary>
    public KeptForecasts Of(string server, long firstOrigin, long lastOrigin)
    {
        if (_taken >= s_most)
        {
            if (!_said)
                LogSlow(s_most.TotalSeconds);
            _said = true;
            return s_none;
        }

        var started = time.GetTimestamp();
        var kept = log.ReadWritten(server, firstOrigin, lastOrigin);
        _taken += time.GetElapsedTime(started);
        return kept;
    }

    [LoggerMessage(2425, LogLevel.Warning, "Past forecasts: what servers had been forecast before the start took {Seconds} s to read; the others are compared with what comes from now on")]
    private partial void LogSlow(double seconds);
}
