using System.Globalization;
using System.Text;
using System.Text.Json;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>How incidents of a kind were seen coming.</summary>
/// <param name="Kind">Of simulated incidents; <c>, dependant</c>: those of servers that depend on the one that fails.</param>
/// <param name="Incidents">How many.</param>
/// <param name="Reached">Of these, in which the level was measured before their recovery ended.</param>
/// <param name="Warned">Of all, in which there was an alarm at or after the first sign and before the start.</param>
/// <param name="Stood">Of the warned, in which the alarm stood before the first sign.</param>
/// <param name="Recall">Warned / incidents.</param>
/// <param name="LeadQ1">Quartile of the lead, in minutes before the start; null where none was warned of.</param>
/// <param name="LeadMedian">Its median.</param>
/// <param name="LeadQ3">Its upper quartile.</param>
internal sealed record KindScore(
    string Kind, int Incidents, int Reached, int Warned, int Stood, double Recall, double? LeadQ1, double? LeadMedian, double? LeadQ3);

/// <summary>What alarms cost where nothing is wrong.</summary>
/// <param name="ServerDays">Quiet time.</param>
/// <param name="FalseAlarms">Runs of alarms in it.</param>
/// <param name="AlarmedShare">Share of the quiet origins with an alarm: the recall that chance has at one origin.</param>
internal sealed record QuietScore(double ServerDays, int FalseAlarms, double AlarmedShare)
{
    public double PerServerDay => ServerDays > 0 ? FalseAlarms / ServerDays : 0;
}

/// <summary>One part of the report: who forecast, which level, by what it was reached.</summary>
internal sealed record IncidentRows(string Forecaster, string Level, string Source, QuietScore Quiet, IReadOnlyList<KindScore> Kinds);

/// <summary>Early warning of true incidents, by forecaster, level and quantile, and as the service's alerts would have given it.</summary>
internal sealed record IncidentReport(int Servers, IReadOnlyList<IncidentRows> Rows)
{
    internal const string KindHeader = "kind                  forecast  incidents  reached  warned  stood  recall  lead q1  median   q3 (min)\n";

    /// <summary>Null where the service was not replayed.</summary>
    public ServiceReport? Service { get; init; }

    /// <summary>Scores the tracks of each forecaster; what is measured is the same for all and stands once, without a forecaster.</summary>
    public static IncidentReport Of(IReadOnlyList<(string Name, IReadOnlyList<AlarmTrack> Tracks)> forecasters, IReadOnlyList<TrueIncident> incidents)
    {
        var rows = new List<IncidentRows>();
        foreach (var level in (ReadOnlySpan<RiskLevel>)[RiskLevel.Critical, RiskLevel.Warning])
        {
            foreach (var source in (ReadOnlySpan<AlarmSource>)[AlarmSource.P50, AlarmSource.P90])
            {
                foreach (var (name, tracks) in forecasters)
                    rows.Add(Part(name, tracks, level, source));
            }

            rows.Add(Part("none", forecasters[0].Tracks, level, AlarmSource.Measured));
        }

        return new IncidentReport(forecasters[0].Tracks.Count, rows);

        IncidentRows Part(string name, IReadOnlyList<AlarmTrack> tracks, RiskLevel level, AlarmSource source) => new(
            name, level.Name(), source.ToString().ToLowerInvariant(), IncidentScore.Quiet(tracks, incidents, level, source), IncidentScore.Kinds(tracks, incidents, level, source));
    }

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var part in Rows.GroupBy(r => (r.Level, r.Source)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Key.Level} by {part.Key.Source}\n");
            text.Append(KindHeader);
            foreach (var (forecaster, score) in part.SelectMany(r => r.Kinds.Select(k => (r.Forecaster, Score: k))).OrderBy(r => r.Score.Kind, StringComparer.Ordinal))
                text.Append(KindLine(forecaster, score));

            foreach (var row in part)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"quiet: {row.Forecaster,-8} {row.Quiet.PerServerDay:F2} false alarms per server-day ({row.Quiet.FalseAlarms} in {row.Quiet.ServerDays:F0} days), {row.Quiet.AlarmedShare:P1} of the origins\n");
            }

            text.Append('\n');
        }

        return text.Append(Service?.ToText()).ToString();
    }

    internal static string KindLine(string forecaster, KindScore score) => string.Create(CultureInfo.InvariantCulture,
        $"{score.Kind,-21} {forecaster,-9} {score.Incidents,9} {score.Reached,8} {score.Warned,7} {score.Stood,6} {score.Recall,7:F2} {Minutes(score.LeadQ1),8} {Minutes(score.LeadMedian),7} {Minutes(score.LeadQ3),10}\n");

    public string ToJson() => JsonSerializer.Serialize(this, IncidentJson.Default.IncidentReport);

    private static string Minutes(double? lead) => lead?.ToString("F0", CultureInfo.InvariantCulture) ?? "-";
}
