using System.Globalization;
using System.Net;
using System.Text;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Evaluation;

/// <summary>A drawing of skill and coverage by lead: loss relative to seasonal naive above, share of values inside the 80 % band below.</summary>
public static class LeadChart
{
    private const int Width = 720;
    private const int Left = 56;
    private const int PlotWidth = Width - Left - 16;
    private static readonly string[] s_colours = ["#0b6aa2", "#c2571a", "#3f7d3a", "#7b4b94"];

    /// <summary>The drawing of some forecasts of the same servers, as SVG.</summary>
    public static string Draw(IReadOnlyList<(string Name, IReadOnlyList<ServerScore> Scores)> forecasts)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} 560\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{Width}\" height=\"560\" fill=\"#fff\"/>\n");
        Panel(svg, "Loss relative to seasonal naive (1 is seasonal naive, lower is better)", 40, 260, 0.4, 1.05, 0.1, forecasts, r => r.RelQl);
        Panel(svg, "Share of values inside the 80 % band", 340, 160, 0.7, 0.9, 0.05, forecasts, r => r.Cover80);
        for (var i = 0; i < forecasts.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{Left + (i * 210)}\" y1=\"546\" x2=\"{Left + 24 + (i * 210)}\" y2=\"546\" stroke=\"{s_colours[i % s_colours.Length]}\" stroke-width=\"3\"/><text x=\"{Left + 30 + (i * 210)}\" y=\"550\">{WebUtility.HtmlEncode(forecasts[i].Name)}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(
        StringBuilder svg, string title, int top, int height, double least, double most, double step,
        IReadOnlyList<(string Name, IReadOnlyList<ServerScore> Scores)> forecasts, Func<ScoreRow, double> figure)
    {
        double X(int lead) => Left + (PlotWidth * lead / (double)Protocol.Horizon);
        double Y(double value) => top + (height * (most - Math.Clamp(value, least, most)) / (most - least));
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{top - 12}\" font-weight=\"bold\">{title}</text>\n");
        for (var value = least; value <= most + 1e-9; value += step)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{Left}\" y1=\"{Y(value):F1}\" x2=\"{Left + PlotWidth}\" y2=\"{Y(value):F1}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\" text-anchor=\"end\">{value:F2}</text>\n");
        }

        for (var hour = 0; hour <= 8; hour++)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(hour * 12):F1}\" y=\"{top + height + 18}\" text-anchor=\"middle\">{hour} h</text>\n");
        for (var i = 0; i < forecasts.Count; i++)
        {
            var points = Enumerable.Range(0, Protocol.Horizon)
                .Select(lead => string.Create(CultureInfo.InvariantCulture, $"{X(lead + 1):F1},{Y(figure(ScoreTable.Row(forecasts[i].Scores, lead, 1))):F1}"));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', points)}\" fill=\"none\" stroke=\"{s_colours[i % s_colours.Length]}\" stroke-width=\"2\"/>\n");
        }
    }
}
