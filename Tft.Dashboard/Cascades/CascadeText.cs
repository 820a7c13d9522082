using Tft.Contract.Messages;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Insights;
using Tft.Dashboard.Text;

namespace Tft.Dashboard.Cascades;

/// <summary>Groups in words: who was first, who then. Never what was caused by what.</summary>
internal static class CascadeText
{
    public static string KeyOf(string metric) => metric == "cpu_idle_pct" ? BandSeries.CpuUsed : metric;

    public static string Lag(int minutes) => minutes == 0 ? "first" : $"+{Format.Span(TimeSpan.FromMinutes(minutes))}";

    public static string Shift(int? minutes) => minutes switch { null => Format.Nothing, 0 => "none", < 0 => $"{Format.Span(TimeSpan.FromMinutes(minutes.Value))} before", _ => $"{Format.Span(TimeSpan.FromMinutes(minutes.Value))} after" };

    public static string Headline(CascadeGroup group, TimeZoneInfo zone)
    {
        var first = group.Members[0];
        var span = group.Members.Max(m => m.LagMinutes);
        return $"The risk of {Format.Count(group.Servers)} servers {(group.IsForecast ? "is forecast to rise" : "rises")} together{(span > 0 ? $", within {Format.Span(TimeSpan.FromMinutes(span))}" : ", in the same five minutes")}. "
            + $"First: {group.First} ({Strings.Words(first.Profile)}) at {Format.Clock(group.Begins, zone)}, by {Advice.NameOf(first.Metric)}.";
    }

    public static string Of(CascadeProfile profile, string first) =>
        $"{Strings.Words(profile.Profile)}: {(profile.Servers == 1 ? "1 server" : $"{Format.Count(profile.Servers)} servers")}, "
        + (profile.FirstLagMinutes == 0 ? profile.MedianLagMinutes == 0 ? "first" : $"one with the first, half of them within {Format.Span(TimeSpan.FromMinutes(profile.MedianLagMinutes))}"
            : profile.MedianLagMinutes == profile.FirstLagMinutes ? $"{Format.Span(TimeSpan.FromMinutes(profile.FirstLagMinutes))} after {first}"
            : $"from {Format.Span(TimeSpan.FromMinutes(profile.FirstLagMinutes))} after {first}, half of them within {Format.Span(TimeSpan.FromMinutes(profile.MedianLagMinutes))}")
        + $"; {(profile.Servers == 1 ? "by" : "mostly by")} {Advice.NameOf(profile.Metric)}";

    public static string Of(CascadeMember member, TimeZoneInfo zone) =>
        $"{member.Server}: {(member.IsForecast ? "forecast to rise" : "rises")} at {Format.Clock(member.Rises, zone)}, {(member.LagMinutes == 0 ? "with the first" : $"{Format.Span(TimeSpan.FromMinutes(member.LagMinutes))} after the first")}, highest risk {Format.Risk(member.Risk)}.";

    public static string Dependencies(CascadesResponse answer, CascadeGroup group) =>
        answer.Dependencies == 0 ? Strings.NoDependencies
        : group.Explained == 0 ? Strings.NoDependencyWithin
        : $"By the configured dependencies {Format.Count(group.Explained)} of {Format.Count(group.Servers)} depend on a member that rose no later: "
            + string.Join(", ", group.ExplainedBy.Select(d => $"{d.Server} has {(d.Dependants == 1 ? "1 dependant" : $"{Format.Count(d.Dependants)} dependants")}")) + " in this group.";

    public static string Counts(CascadesResponse answer) =>
        $"{Format.Count(answer.AtRisk)} servers are at watch or worse, now or ahead{(answer.Considered < answer.AtRisk ? $", the {Format.Count(answer.Considered)} worst were looked at" : "")}; {Format.Count(answer.Rising)} rise within eight hours back and eight ahead, {Format.Count(answer.Alone)} of them alone.";
}
