using Microsoft.AspNetCore.Components.Routing;
using Microsoft.FluentUI.AspNetCore.Components;
using Tft.Dashboard.Controls;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Navigation;

/// <summary>A page of the rail. To add a page, add its entry here.</summary>
/// <param name="Title">In the rail.</param>
/// <param name="Href">Its address.</param>
/// <param name="Key">The letter that goes there.</param>
/// <param name="Icon">In the rail.</param>
/// <param name="Match">Whether the address must be the same or only begin so.</param>
internal sealed record PageEntry(string Title, string Href, string Key, Icon Icon, NavLinkMatch Match = NavLinkMatch.Prefix)
{
    public static readonly PageEntry[] All =
    [
        new(Strings.Fleet, DashboardUrls.Fleet, "f", Icons.Fleet, NavLinkMatch.All),
        new(Strings.Heatmap, DashboardUrls.Heatmap, "h", Icons.Heatmap),
        new(Strings.Servers, DashboardUrls.Servers, "s", Icons.Servers),
        new(Strings.Alerts, DashboardUrls.Alerts, "a", Icons.Alerts),
        new(Strings.Insights, DashboardUrls.Insights, "i", Icons.Insights),
        new(Strings.Cascade, DashboardUrls.Cascade, "c", Icons.Cascade),
        new(Strings.Remedies, DashboardUrls.Remediation, "r", Icons.Remediation),
        new(Strings.History, DashboardUrls.History, "y", Icons.History),
        new(Strings.Models, DashboardUrls.Models, "m", Icons.Models),
        new(Strings.Sources, DashboardUrls.Sources, "o", Icons.Sources),
        new(Strings.Docs, DashboardUrls.Docs, "d", Icons.Docs),
    ];
}
