using Tft.Adapters.Hosting;

namespace Tft.Adapters.Sources.Simulator;

/// <summary>The fleet's time zone, <c>Tft:TimeZone</c>.</summary>
internal static class FleetZone
{
    public static TimeZoneInfo Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var id = configuration["Tft:TimeZone"];
        if (string.IsNullOrEmpty(id) || id is "UTC" or "Etc/UTC")
            return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone : throw new ConfigurationException([$"Tft:TimeZone: '{id}' is not an IANA time zone of this machine"]);
    }
}
