using Microsoft.Extensions.Options;
using Tft.Forecasting.Engines;

namespace Tft.Inference.Models;

/// <summary>The engine that <c>Tft:Device</c> asks for, chosen and logged when the service starts.</summary>
internal static partial class ServingEngine
{
    /// <summary>What to compute on: auto, cpu, cuda or cuda:N.</summary>
    public const string Setting = "Tft:Device";

    /// <summary>The engine of the service, and the profile of what it computes on. Each worker calls with windows of its own, so a call needs one thread.</summary>
    /// <exception cref="OptionsValidationException">The setting is wrong, or asks for a device that cannot be had; the text says why.</exception>
    public static DeviceEngine Choose(IConfiguration configuration, ILogger logger)
    {
        try
        {
            var chosen = DeviceEngine.Choose(configuration[Setting], threads: 1);
            foreach (var line in chosen.Report)
                LogDevice(logger, line);
            return chosen;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new OptionsValidationException(Setting, typeof(IForecastEngine), [e.Message]);
        }
    }

    [LoggerMessage(EventId = 3104, Level = LogLevel.Information, Message = "{Line}")]
    private static partial void LogDevice(ILogger logger, string line);
}
