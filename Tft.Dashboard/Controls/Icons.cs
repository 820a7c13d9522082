using Microsoft.FluentUI.AspNetCore.Components;

namespace Tft.Dashboard.Controls;

/// <summary>The dashboard's own drawings, on a square of 20 pixels.</summary>
internal static class Icons
{
    public static readonly Icon Fleet = Draw("Fleet", "M3 4.5C3 3.7 3.7 3 4.5 3h3C8.3 3 9 3.7 9 4.5v3C9 8.3 8.3 9 7.5 9h-3C3.7 9 3 8.3 3 7.5v-3Zm8 0c0-.8.7-1.5 1.5-1.5h3c.8 0 1.5.7 1.5 1.5v3c0 .8-.7 1.5-1.5 1.5h-3c-.8 0-1.5-.7-1.5-1.5v-3Zm-8 8c0-.8.7-1.5 1.5-1.5h3c.8 0 1.5.7 1.5 1.5v3c0 .8-.7 1.5-1.5 1.5h-3C3.7 17 3 16.3 3 15.5v-3Zm8 0c0-.8.7-1.5 1.5-1.5h3c.8 0 1.5.7 1.5 1.5v3c0 .8-.7 1.5-1.5 1.5h-3c-.8 0-1.5-.7-1.5-1.5v-3ZM4 4v4h4V4H4Zm8 0v4h4V4h-4Zm-8 8v4h4v-4H4Zm8 0v4h4v-4h-4Z");
    public static readonly Icon Heatmap = Draw("Heatmap", "M2 2h4v4H2V2Zm5 0h4v4H7V2Zm5 0h4v4h-4V2ZM2 7h4v4H2V7Zm5 0h4v4H7V7Zm1 1v2h2V8H8Zm4-1h4v4h-4V7ZM2 12h4v4H2v-4Zm1 1v2h2v-2H3Zm4-1h4v4H7v-4Zm5 0h4v4h-4v-4Zm1 1v2h2v-2h-2Z");
    public static readonly Icon Servers = Draw("Servers", "M4.5 3h11c.8 0 1.5.7 1.5 1.5v3c0 .8-.7 1.5-1.5 1.5h-11C3.7 9 3 8.3 3 7.5v-3C3 3.7 3.7 3 4.5 3ZM4 4v4h12V4H4Zm.5 7h11c.8 0 1.5.7 1.5 1.5v3c0 .8-.7 1.5-1.5 1.5h-11c-.8 0-1.5-.7-1.5-1.5v-3c0-.8.7-1.5 1.5-1.5ZM4 12v4h12v-4H4Zm1.5-6.8h1.6v1.6H5.500V5.200Zm0 8h1.6v1.600H5.500v-1.600Z");
    public static readonly Icon Sources = Draw("Sources", "M10 2c3.900 0 7 1.300 7 3v10c0 1.700-3.100 3-7 3s-7-1.300-7-3V5c0-1.700 3.100-3 7-3Zm0 1C6.500 3 4 4.100 4 5s2.500 2 6 2 6-1.100 6-2-2.500-2-6-2ZM4 6.600V10c0 .900 2.500 2 6 2s6-1.100 6-2V6.600C14.800 7.500 12.600 8 10 8S5.200 7.500 4 6.600Zm0 5V15c0 .900 2.500 2 6 2s6-1.100 6-2v-3.400c-1.200.900-3.400 1.400-6 1.400s-4.800-.500-6-1.400Z");
    public static readonly Icon Alerts = Draw("Alerts", "M10 2a5.500 5.500 0 0 1 5.500 5.500v3.700l1.400 2.900c.200.400-.100.900-.600.900H12.500a2.500 2.500 0 0 1-5 0H3.700c-.500 0-.800-.500-.600-.900l1.400-2.900V7.500A5.500 5.500 0 0 1 10 2Zm1.500 13h-3a1.500 1.500 0 0 0 3 0ZM10 3a4.500 4.500 0 0 0-4.500 4.500v3.900L4.300 14h11.400l-1.200-2.600V7.500A4.500 4.500 0 0 0 10 3Z");
    public static readonly Icon Insights = Draw("Insights", "M3 16h14v1H3v-1Zm1-6h2.500v5H4v-5Zm4.800-4h2.500v9H8.800V6Zm4.700-3H16v12h-2.500V3Z");
    public static readonly Icon Models = Draw("Models", "M10 2l7 3.800v8.400L10 18l-7-3.800V5.800L10 2Zm0 1.150L4.700 6 10 8.900 15.300 6 10 3.150ZM4 6.750v6.850l5.500 3V9.750L4 6.750Zm12 0-5.500 3v6.850l5.500-3V6.750Z");
    public static readonly Icon History = Draw("History", "M10 2.500a7.500 7.500 0 1 1-7.400 6.300l1 .170A6.500 6.500 0 1 0 5.200 5.600H7.500v1h-4v-4h1v2.200A7.500 7.500 0 0 1 10 2.500ZM9.500 6h1v3.800l2.900 2.900-.700.700L9.500 10.200V6Z");
    public static readonly Icon Lock = Draw("Lock", "M10 2a3.500 3.500 0 0 1 3.500 3.500V8h1c.800 0 1.500.700 1.500 1.500v7c0 .800-.700 1.500-1.500 1.500h-9c-.800 0-1.500-.700-1.500-1.500v-7C4 8.700 4.700 8 5.500 8h1V5.500A3.500 3.500 0 0 1 10 2Zm0 1a2.500 2.500 0 0 0-2.500 2.500V8h5V5.500A2.500 2.500 0 0 0 10 3ZM5.500 9a.500.500 0 0 0-.500.500v7c0 .300.200.500.500.500h9a.500.500 0 0 0 .500-.500v-7a.500.500 0 0 0-.500-.500h-9Zm4.500 3a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z");
    public static readonly Icon Help = Draw("Help", "M10 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 1a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm0 10.500a.800.800 0 1 1 0 1.500.800.800 0 0 1 0-1.500Zm0-8c1.500 0 2.600 1.100 2.600 2.600 0 1.100-.500 1.700-1.300 2.400-.600.600-.800.900-.800 1.500h-1c0-1.100.500-1.700 1.200-2.300.600-.600.900-.900.900-1.600 0-.900-.700-1.600-1.600-1.600s-1.600.700-1.600 1.600h-1c0-1.500 1.100-2.600 2.600-2.600Z");
    public static readonly Icon Sun = Draw("Sun", "M9.500 2h1v2.200h-1V2Zm0 13.800h1V18h-1v-2.200ZM2 9.500h2.200v1H2v-1Zm13.800 0H18v1h-2.200v-1ZM4.700 4l1.500 1.600-.700.700L4 4.700l.700-.700Zm9.800 9.800 1.500 1.500-.700.700-1.500-1.500.700-.700ZM15.300 4l.700.700-1.500 1.600-.700-.700L15.300 4ZM5.500 13.800l.700.700L4.700 16l-.700-.700 1.500-1.500ZM10 6a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0 1a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z");
    public static readonly Icon Moon = Draw("Moon", "M8.200 2.300c.400-.100.700.300.500.700A6.500 6.500 0 0 0 17 11.300c.400-.200.800.100.700.500A8 8 0 1 1 8.200 2.300ZM7.300 3.600a7 7 0 1 0 9.100 9.100A7.500 7.500 0 0 1 7.300 3.600Z");
    public static readonly Icon System = Draw("System", "M4 3h12c1.100 0 2 .900 2 2v7c0 1.100-.900 2-2 2h-4v2h2v1H6v-1h2v-2H4c-1.100 0-2-.900-2-2V5c0-1.100.900-2 2-2Zm0 1c-.600 0-1 .400-1 1v7c0 .600.400 1 1 1h12c.600 0 1-.400 1-1V5c0-.600-.400-1-1-1H4Zm5 10v2h2v-2H9Z");
    public static readonly Icon Close = Draw("Close", "M4.700 4 10 9.300 15.300 4l.700.700L10.700 10l5.300 5.300-.700.700L10 10.700 4.700 16l-.700-.700L9.300 10 4 4.700l.700-.700Z");
    public static readonly Icon Open = Draw("Open", "M11 3h6v6h-1V4.700l-6.600 6.700-.800-.800L15.300 4H11V3ZM5 4h4v1H5c-.600 0-1 .400-1 1v9c0 .600.400 1 1 1h9c.600 0 1-.400 1-1v-4h1v4c0 1.100-.900 2-2 2H5c-1.100 0-2-.900-2-2V6c0-1.100.900-2 2-2Z");
    public static readonly Icon Download = Draw("Download", "M9.500 2h1v9.800l3.200-3.200.700.700-4.400 4.400-4.400-4.400.700-.700 3.200 3.200V2ZM4 16h12v1H4v-1Z");
    public static readonly Icon Link = Draw("Link", "M8 6v1H6a3 3 0 0 0 0 6h2v1H6a4 4 0 0 1 0-8h2Zm4 0h2a4 4 0 0 1 0 8h-2v-1h2a3 3 0 0 0 0-6h-2V6ZM6.500 9.500h7v1h-7v-1Z");
    public static readonly Icon Warning = Draw("Warning", "M10 2.500c.400 0 .700.200.900.500l6.900 12.500c.400.700-.100 1.500-.900 1.500H3.100c-.800 0-1.300-.800-.900-1.500L9.100 3c.200-.300.500-.500.900-.500Zm0 1L3.100 16h13.800L10 3.500ZM9.500 8h1v4.500h-1V8Zm.500 6.800a.700.700 0 1 1 0-1.500.700.700 0 0 1 0 1.500Z");

    private static Icon Draw(string name, string path) =>
        new(name, IconVariant.Regular, IconSize.Size20, $"<path fill-rule=\"evenodd\" d=\"{path}\" />");
}
