using System.Globalization;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Tft.Dashboard.Settings;

/// <summary>
/// What a user has chosen, kept in cookies so that the first byte of a page is already right: no flash of the wrong theme.
/// </summary>
internal sealed record UserSettings(DesignThemeModes Theme, string? BrowserZone, bool Utc, int IncidentCost = UserSettings.DefaultIncidentCost, string Name = "")
{
    public const string ThemeCookie = "tft-theme";
    public const string ZoneCookie = "tft-zone";
    public const string UtcCookie = "tft-utc";

    public const string CostCookie = "tft-cost";
    public const string NameCookie = "tft-name";

    /// <summary>What an incident is taken to cost until somebody says better.</summary>
    public const int DefaultIncidentCost = 5_000;
    public const int HighestIncidentCost = 100_000_000;

    /// <summary>Of the name under which decisions are kept.</summary>
    public const int LongestName = 100;

    public static readonly UserSettings Default = new(DesignThemeModes.System, null, false);

    /// <summary>Times are shown in this zone; UTC until the browser has told its own.</summary>
    public TimeZoneInfo Zone =>
        !Utc && BrowserZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(BrowserZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>Value of <c>data-theme</c>.</summary>
    public string ThemeName => Theme switch { DesignThemeModes.Dark => "dark", DesignThemeModes.Light => "light", _ => "system" };

    /// <summary>Reads the cookies; anything that is not understood is the default.</summary>
    public static UserSettings From(IRequestCookieCollection cookies) => new(
        cookies[ThemeCookie] switch { "dark" => DesignThemeModes.Dark, "light" => DesignThemeModes.Light, _ => DesignThemeModes.System },
        cookies[ZoneCookie] is { Length: > 0 and < 64 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(Uri.UnescapeDataString(zone), out _) ? Uri.UnescapeDataString(zone) : null,
        cookies[UtcCookie] == "1",
        int.TryParse(cookies[CostCookie], NumberStyles.None, CultureInfo.InvariantCulture, out var cost) && cost <= HighestIncidentCost ? cost : DefaultIncidentCost,
        cookies[NameCookie] is { Length: > 0 and <= LongestName } name ? name : "");
}
