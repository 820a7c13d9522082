using System.Globalization;
using System.Text;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>A drawing of what news of incidents costs in false alerts: a curve for each forecaster and lead, along the thresholds, and the service's own rules as points.</summary>
internal static class SweepChart
{
    private const int Width = 720;
    private const int Left = 56;
    private const int PlotWidth = Width - Left - 16;
    private const int Height = 250;

    /// <summary>Of the sweep's stabilities the one that is drawn.</summary>
    private const int Stable = 2;

    /// <summary>Least and most of the axis of false alerts, in powers of ten.</summary>
    private const double LeastPower = -2.5;
    private const double MostPower = 0.75;

    private static readonly string[] s_colours = ["#0b6aa2", "#3f9bd1", "#c2571a", "#e0a070", "#3f7d3a", "#7b4b94"];

    /// <summary>The drawing as SVG.</summary>
    public static string Draw(ServiceReport report)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} 700\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{Width}\" height=\"700\" fill=\"#fff\"/>\n");
        var curves = report.Sweep.Where(r => (r.Hits, r.Of, r.Stable) == (1, 1, Stable)).Select(r => (r.Forecaster, r.WithinMinutes)).Distinct().ToList();
        Panel(svg, report, curves, RiskLevel.Critical, 40);
        Panel(svg, report, curves, RiskLevel.Warning, 360);
        for (var i = 0; i < curves.Count; i++)
        {
            var x = Left + (i % 4 * 165);
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{x}\" y1=\"666\" x2=\"{x + 20}\" y2=\"666\" stroke=\"{s_colours[i % s_colours.Length]}\" stroke-width=\"3\"/><text x=\"{x + 26}\" y=\"670\">{curves[i].Forecaster}, {(curves[i].WithinMinutes < 60 ? $"{curves[i].WithinMinutes} min" : $"{curves[i].WithinMinutes / 60} h")}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, ServiceReport report, List<(string Forecaster, int WithinMinutes)> curves, RiskLevel level, int top)
    {
        var rows = report.Sweep.Where(r => r.Level == level.Name() && (r.Hits, r.Of, r.Stable) == (1, 1, Stable)).ToList();
        var alerts = report.Rows.Where(r => r.Level == level.Name() && r.Source == "alert").ToList();
        var incidents = rows.Select(r => r.Incidents).DefaultIfEmpty(1).Max();
        double Y(int news) => top + (Height * (1 - ((double)news / Math.Max(1, incidents))));
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{top - 12}\" font-weight=\"bold\">{level.Label()}: share of {incidents} incidents that were news, by false alerts per server-day</text>\n");
        for (var share = 0; share <= 100; share += 20)
        {
            var y = top + (Height * (1 - (share / 100.0)));
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{y:F1}\" x2=\"{Left + PlotWidth}\" y2=\"{y:F1}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{share} %</text>\n");
        }

        foreach (var rate in (ReadOnlySpan<double>)[0.01, 0.03, 0.1, 0.3, 1, 3])
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(rate):F1}\" y1=\"{top}\" x2=\"{X(rate):F1}\" y2=\"{top + Height}\" stroke=\"#eee\"/><text x=\"{X(rate):F1}\" y=\"{top + Height + 18}\" text-anchor=\"middle\">{rate}</text>\n");
        for (var i = 0; i < curves.Count; i++)
        {
            var colour = s_colours[i % s_colours.Length];
            var own = rows.Where(r => (r.Forecaster, r.WithinMinutes) == curves[i]).OrderBy(r => r.Threshold).ToList();
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', own.Select(r => string.Create(CultureInfo.InvariantCulture, $"{X(r.PerServerDay):F1},{Y(r.News):F1}")))}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
            foreach (var row in own)
            {
                svg.Append(CultureInfo.InvariantCulture,
                    $"<circle cx=\"{X(row.PerServerDay):F1}\" cy=\"{Y(row.News):F1}\" r=\"2.5\" fill=\"{colour}\"><title>from {row.Threshold:F2}: {row.News} of {row.Incidents}, {row.PerServerDay:F2} a server-day</title></circle>\n");
            }
        }

        foreach (var row in alerts)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{X(row.Quiet.PerServerDay) - 5:F1}\" y=\"{Y(row.News) - 5:F1}\" width=\"10\" height=\"10\" fill=\"none\" stroke=\"#222\" stroke-width=\"2\"/><text x=\"{X(row.Quiet.PerServerDay) + 9:F1}\" y=\"{Y(row.News) - 6:F1}\">{row.Forecaster}: the service's rules</text>\n");
        }
    }

    private static double X(double rate) =>
        Left + (PlotWidth * (Math.Clamp(Math.Log10(Math.Max(rate, 1e-9)), LeastPower, MostPower) - LeastPower) / (MostPower - LeastPower));
}
