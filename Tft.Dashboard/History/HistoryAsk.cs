using System.Globalization;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Navigation;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.History;

/// <summary>What of a server's history is wanted.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Metric">Key of a series, as in the address.</param>
/// <param name="Lead">How long before each step the forecast was made: 30m, 1h, 4h, 8h.</param>
/// <param name="From">Begin.</param>
/// <param name="To">End.</param>
/// <param name="PointSeconds">Seconds of a point; an export has the steps as they are.</param>
internal sealed record HistoryAsk(string Server, string Metric, string Lead, DateTimeOffset From, DateTimeOffset To, int PointSeconds = 300)
{
    public static readonly string[] Leads = ["30m", "1h", "4h", "8h"];

    /// <summary>The name on the wire: CPU used is read from idle.</summary>
    public string Wire => Metric == BandSeries.CpuUsed ? "cpu_idle_pct" : Metric;

    /// <summary>The last step that is wanted begins before the end.</summary>
    private DateTimeOffset LastStep => To.AddSeconds(-1);

    public string Address => DashboardUrls.With($"/history/{Uri.EscapeDataString(Server)}",
        ("metric", Wire), ("lead", Lead), ("from", Format.Iso(From)), ("to", Format.Iso(LastStep)), ("step", PointSeconds.ToString(CultureInfo.InvariantCulture)));

    public string ExportAddress(string format) => DashboardUrls.With("/history/export",
        ("format", format), ("server", Server), ("metric", Wire), ("lead", Lead), ("from", Format.Iso(From)), ("to", Format.Iso(LastStep)));
}
