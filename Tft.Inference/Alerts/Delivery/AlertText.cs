using System.Globalization;
using System.Text;
using Tft.Contract.Messages;

namespace Tft.Inference.Alerts.Delivery;

/// <summary>An alert in words.</summary>
internal static class AlertText
{
    /// <summary>What is wrong, or what no longer is, in one line.</summary>
    public static string Of(AlertInfo alert) => alert.State == "resolved"
        ? $"{alert.Server}: {alert.Metric} is no longer {alert.Severity}{Lasted(alert)}"
        : $"{alert.Server}: {(alert.Reasons.Count > 0 ? alert.Reasons[0].Text : $"{alert.Metric} ({alert.Rule})")}";

    /// <summary>A group in a few words: what a subject line holds.</summary>
    public static string Headline(IReadOnlyList<AlertInfo> alerts)
    {
        if (alerts.Count == 1)
            return $"{(alerts[0].State == "resolved" ? "resolved" : alerts[0].Severity)} {Of(alerts[0])}";
        var counts = alerts.GroupBy(a => a.State == "resolved" ? a.State : a.Severity).OrderBy(g => g.Key is "critical" ? 0 : g.Key is "warning" ? 1 : 2)
            .Select(g => $"{g.Count()} {g.Key}");
        var servers = alerts.Select(a => a.Server).Distinct(StringComparer.Ordinal).ToList();
        return $"{string.Join(", ", counts)}: {string.Join(", ", servers.Take(3))}{(servers.Count > 3 ? $" and {servers.Count - 3} more" : "")}";
    }

    /// <summary>On one line and without control characters: a server's name is whatever an adapter sent.</summary>
    public static string OneLine(string text, int length)
    {
        var line = new StringBuilder(Math.Min(text.Length, length));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > length)
                break;
            line.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format ? " " : rune.ToString());
        }

        return line.ToString();
    }

    private static string Lasted(AlertInfo alert) => alert.ResolvedAt is { } end && end - alert.Since is { Ticks: > 0 } lasted
        ? $" after {(lasted.TotalHours >= 1 ? $"{(int)lasted.TotalHours} h {lasted.Minutes} min" : $"{Math.Max(1, (int)lasted.TotalMinutes)} min")}"
        : "";
}
