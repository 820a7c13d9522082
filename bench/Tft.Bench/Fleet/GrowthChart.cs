using System.Globalization;
using System.Text;

namespace Tft.Bench.Fleet;

/// <summary>A drawing of tick and memory by fleet size, both axes logarithmic: where cost grows with the fleet, points lie on the line through the last one.</summary>
internal static class GrowthChart
{
    private const int Width = 720, Height = 320, Top = 48, PlotHeight = 210, PlotWidth = 280;

    public static string Draw(IReadOnlyList<FleetFigures> fleets)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n");
        Panel(svg, "Seconds of a tick (5 min allowed)", 60, [.. fleets.Select(f => (f.Servers, f.Tick))], 300);
        Panel(svg, "Resident memory, GB (12 allowed)", 420, [.. fleets.Select(f => (f.Servers, f.Memory))], 12);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, string title, int left, (int Servers, double Value)[] points, double limit)
    {
        double fromX = Math.Floor(Math.Log10(points.Min(p => p.Servers))), toX = Math.Ceiling(Math.Log10(points.Max(p => p.Servers)));
        double fromY = Math.Floor(Math.Log10(points.Min(p => p.Value))), toY = Math.Ceiling(Math.Log10(Math.Max(limit, points.Max(p => p.Value))));
        double X(double servers) => left + (PlotWidth * (Math.Log10(servers) - fromX) / Math.Max(1, toX - fromX));
        double Y(double value) => Top + (PlotHeight * (toY - Math.Max(fromY, Math.Log10(value))) / (toY - fromY));
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left}\" y=\"28\" font-weight=\"bold\">{title}</text>\n");
        for (var y = fromY; y <= toY; y++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{left}\" y1=\"{Y(Math.Pow(10, y)):F1}\" x2=\"{left + PlotWidth}\" y2=\"{Y(Math.Pow(10, y)):F1}\" stroke=\"#ddd\"/><text x=\"{left - 8}\" y=\"{Y(Math.Pow(10, y)) + 4:F1}\" text-anchor=\"end\">{Math.Pow(10, y):#,0.##}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{left}\" y1=\"{Y(limit):F1}\" x2=\"{left + PlotWidth}\" y2=\"{Y(limit):F1}\" stroke=\"#c2571a\" stroke-dasharray=\"6 4\"/>\n");
        for (var x = fromX; x <= toX; x++)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(Math.Pow(10, x)):F1}\" y=\"{Top + PlotHeight + 20}\" text-anchor=\"middle\">{Math.Pow(10, x):N0}</text>\n");
        var last = points[^1];
        var (least, most) = (Math.Pow(10, fromX), Math.Pow(10, toX));
        svg.Append(CultureInfo.InvariantCulture,
            $"<line x1=\"{X(least):F1}\" y1=\"{Y(last.Value * least / last.Servers):F1}\" x2=\"{X(most):F1}\" y2=\"{Y(last.Value * most / last.Servers):F1}\" stroke=\"#999\" stroke-dasharray=\"2 3\"/>\n");
        svg.Append(CultureInfo.InvariantCulture,
            $"<polyline points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Servers):F1},{Y(p.Value):F1}")))}\" fill=\"none\" stroke=\"#0b6aa2\" stroke-width=\"2\"/>\n");
        foreach (var (servers, value) in points)
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(servers):F1}\" cy=\"{Y(value):F1}\" r=\"4\" fill=\"#0b6aa2\"/><text x=\"{X(servers):F1}\" y=\"{Y(value) - 9:F1}\" text-anchor=\"middle\">{value:0.##}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + (PlotWidth / 2)}\" y=\"{Top + PlotHeight + 42}\" text-anchor=\"middle\">servers</text>\n");
    }
}
