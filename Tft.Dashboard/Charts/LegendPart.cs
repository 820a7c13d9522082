namespace Tft.Dashboard.Charts;

/// <summary>A line or an area of a chart, and what it is.</summary>
/// <param name="Kind">Class of its drawing (charts.css).</param>
/// <param name="Text">In words.</param>
public sealed record LegendPart(string Kind, string Text)
{
    public static readonly LegendPart Measured = new("measured", "measured");
    public static readonly LegendPart Median = new("median", "p50, the middle");
    public static readonly LegendPart Band = new("band", "p10 to p90: 8 of 10 futures");
    public static readonly LegendPart Thresholds = new("threshold", "thresholds");

    public static LegendPart Before(string lead, bool nothing) => new("before", $"what had been forecast for then, {lead} before: p50 and p10 to p90{(nothing ? " (nothing kept yet)" : "")}");
}
