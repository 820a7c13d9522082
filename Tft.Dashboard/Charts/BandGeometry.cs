using System.Globalization;
using System.Text;

namespace Tft.Dashboard.Charts;

/// <summary>
/// Where everything of a band chart lies, in a plot of 1000 x 1000 units that the page stretches to its size: lines keep
/// their width (non-scaling stroke), and texts are placed beside it by percentages.
/// </summary>
public sealed class BandGeometry
{
    public const double Size = 1000;

    /// <param name="series">What to draw.</param>
    /// <param name="from">Left end of the time axis.</param>
    /// <param name="to">Right end of the time axis.</param>
    /// <param name="now">Where the past ends.</param>
    public BandGeometry(BandSeries series, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        (Series, From, To, Now) = (series, from, to, now);
        (Low, High, Ticks) = RangeOf(series, from, to);
        MeasuredPath = LineOf(series.Measured);
        (BeforePath, BeforeBandPath) = series.Before is { } before ? (LineOf(before.P50), PastBandOf(before)) : ("", "");
        (BandPath, MedianPath) = ForecastOf();
    }

    public BandSeries Series { get; }
    public DateTimeOffset From { get; }
    public DateTimeOffset To { get; }
    public DateTimeOffset Now { get; }
    public double Low { get; }
    public double High { get; }
    public double[] Ticks { get; }

    /// <summary>Path of what was measured; gaps stay gaps.</summary>
    public string MeasuredPath { get; }

    /// <summary>Path of the middle of what had been forecast; empty without.</summary>
    public string BeforePath { get; }

    /// <summary>Closed paths between its edges; gaps stay gaps.</summary>
    public string BeforeBandPath { get; }

    /// <summary>Closed path between p10 and p90.</summary>
    public string BandPath { get; }

    /// <summary>Path of p50.</summary>
    public string MedianPath { get; }

    /// <summary>Whether a time lies on the axis.</summary>
    public bool Holds(DateTimeOffset time) => time >= From && time <= To;

    public double X(DateTimeOffset time) => (time - From) / (To - From) * Size;

    public double Y(double value) => Math.Clamp((High - value) / (High - Low), 0, 1) * Size;

    /// <summary>Percentage from the left, for texts.</summary>
    public string Left(DateTimeOffset time) => Percent(X(time) / Size);

    /// <summary>Percentage from the top, for texts.</summary>
    public string Top(double value) => Percent(Y(value) / Size);

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    // A percentage keeps its whole scale when it moves a lot; a quiet metric gets its own, so that something can be seen.
    private static (double Low, double High, double[] Ticks) RangeOf(BandSeries series, DateTimeOffset from, DateTimeOffset to)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        void Take(double value)
        {
            if (double.IsFinite(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        for (var i = 0; i < series.Measured.Length; i++)
        {
            if (series.MeasuredAt(i) is var time && time >= from && time <= to)
            {
                Take(series.Measured[i]);
                Take(series.Before?.P10[i] ?? double.NaN);
                Take(series.Before?.P90[i] ?? double.NaN);
            }
        }

        for (var i = 0; i < series.P10.Length && i < series.P90.Length; i++)
        {
            if (series.ForecastAt(i) is var time && time >= from && time <= to)
            {
                Take(series.P10[i]);
                Take(series.P90[i]);
            }
        }

        if (high < low)
        {
            return Axis.Values(0, series.Ceiling ?? 1, 4);
        }

        foreach (var threshold in series.Thresholds)
        {
            // The nearest threshold belongs into the picture once the band comes close to it.
            if (!series.LowIsBad && high >= threshold.Value * 0.9)
            {
                high = Math.Max(high, threshold.Value * 1.03);
            }
        }

        var span = high - low;
        if (series.Ceiling is { } ceiling)
        {
            if (span > ceiling * 0.35)
            {
                return Axis.Values(0, ceiling, 4);
            }

            var pad = Math.Max(span * 0.15, ceiling * 0.02);
            var (l, h, ticks) = Axis.Values(Math.Max(0, low - pad), Math.Min(ceiling, high + pad), 4);
            return (l, Math.Min(h, ceiling), [.. ticks.Where(t => t <= ceiling)]);
        }

        return Axis.Values(low < 0 ? low : low <= span * 2 ? 0 : low - (span * 0.1), high + (span * 0.05), 4);
    }

    private string PastBandOf(PastBand past)
    {
        var path = new StringBuilder();
        for (var i = 0; i < past.P50.Length; i++)
        {
            var first = i;
            while (i < past.P50.Length && Holds(Series.MeasuredAt(i)) && double.IsFinite(past.P10[i]) && double.IsFinite(past.P90[i]))
            {
                Append(path, i == first ? 'M' : 'L', X(Series.MeasuredAt(i)), Y(past.P90[i]));
                i++;
            }

            for (var back = i - 1; back >= first; back--)
            {
                Append(path, 'L', X(Series.MeasuredAt(back)), Y(past.P10[back]));
            }

            if (i > first)
            {
                path.Append('Z');
            }
        }

        return path.ToString();
    }

    /// <summary>A line through values at the measured steps.</summary>
    private string LineOf(double[] values)
    {
        var path = new StringBuilder();
        var pen = false;
        for (var i = 0; i < values.Length; i++)
        {
            var time = Series.MeasuredAt(i);
            var value = values[i];
            if (!Holds(time) || !double.IsFinite(value))
            {
                pen = false;
                continue;
            }

            Append(path, pen ? 'L' : 'M', X(time), Y(value));
            pen = true;
        }

        return path.ToString();
    }

    private (string Band, string Median) ForecastOf()
    {
        StringBuilder band = new(), median = new();
        var n = Math.Min(Series.P50.Length, Math.Min(Series.P10.Length, Series.P90.Length));
        var first = Math.Max(0, (int)Math.Ceiling((From - Series.ForecastFrom) / Series.Step));
        n = Math.Min(n, (int)Math.Floor((To - Series.ForecastFrom) / Series.Step) + 1);
        if (n <= first)
        {
            return ("", "");
        }

        // The band opens at the last measured value, where nothing is uncertain yet.
        var last = Array.FindLastIndex(Series.Measured, double.IsFinite);
        var joined = last >= 0 && Holds(Series.MeasuredAt(last)) && Series.ForecastFrom - Series.MeasuredAt(last) <= 3 * Series.Step;
        if (joined)
        {
            var (x, y) = (X(Series.MeasuredAt(last)), Y(Series.Measured[last]));
            Append(band, 'M', x, y);
            Append(median, 'M', x, y);
        }

        for (var i = first; i < n; i++)
        {
            var x = X(Series.ForecastAt(i));
            Append(band, i == first && !joined ? 'M' : 'L', x, Y(Series.P90[i]));
            Append(median, i == first && !joined ? 'M' : 'L', x, Y(Series.P50[i]));
        }

        for (var i = n - 1; i >= first; i--)
        {
            Append(band, 'L', X(Series.ForecastAt(i)), Y(Series.P10[i]));
        }

        return (band.Append('Z').ToString(), median.ToString());
    }

    private static void Append(StringBuilder path, char command, double x, double y) =>
        path.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {y:0.#}");
}
