using System.Globalization;
using System.Text;
using Tft.Inference.Risk;

namespace Tft.Inference.Incidents;

/// <summary>One part of what an operator gets: who forecast, which level, by what.</summary>
/// <param name="Forecaster">Who forecast.</param>
/// <param name="Level">critical or warning; an alert of the worse level is one of the lesser, too.</param>
/// <param name="Source">alert, measuredalert, forecastalert, or risk: the level that the service gives the server.</param>
/// <param name="News">Incidents warned of, where nothing stood before the first sign.</param>
/// <param name="Quiet">False alerts: announcements where nothing is wrong; of risk: runs.</param>
/// <param name="Announced">Alerts on forecasts in the whole record; 0 of others.</param>
/// <param name="CameTrue">Of these, after which the level was measured within eight hours.</param>
/// <param name="Kinds">By kind of incident.</param>
internal sealed record ServiceRow(
    string Forecaster, string Level, string Source, int News, QuietScore Quiet, int Announced, int CameTrue, IReadOnlyList<KindScore> Kinds);

/// <summary>What the service's own alerts and levels would have given, and how that depends on their rules.</summary>
internal sealed record ServiceReport(IReadOnlyList<ServiceRow> Rows, IReadOnlyList<SweepRow> Sweep)
{
    /// <param name="forecasters">Who forecast, with the record under the service's rules and those of the sweep (<see cref="AlertSweep.Rules"/>, or none).</param>
    /// <param name="incidents">What happened.</param>
    public static ServiceReport Of(IReadOnlyList<(string Name, OperatorRecord Service, IReadOnlyList<OperatorRecord> Sweep)> forecasters, IReadOnlyList<TrueIncident> incidents)
    {
        var rows = new List<ServiceRow>();
        foreach (var level in (ReadOnlySpan<RiskLevel>)[RiskLevel.Critical, RiskLevel.Warning])
        {
            foreach (var source in (ReadOnlySpan<AlarmSource>)[AlarmSource.Alert, AlarmSource.MeasuredAlert, AlarmSource.ForecastAlert, AlarmSource.Risk])
            {
                foreach (var (name, service, _) in forecasters)
                    rows.Add(Row(name, service, level, source));
            }
        }

        return new ServiceReport(rows, [.. forecasters.SelectMany(f => f.Sweep.Select((record, i) => AlertSweep.Row(f.Name, AlertSweep.Rules[i], record, incidents)))]);

        ServiceRow Row(string name, OperatorRecord record, RiskLevel level, AlarmSource source)
        {
            var kinds = IncidentScore.Kinds(record.Tracks, incidents, level, source);
            var quiet = source == AlarmSource.Risk ? IncidentScore.Quiet(record.Tracks, incidents, level, source) : IncidentScore.Quiet(record, incidents, level, source);
            var (announced, cameTrue) = source == AlarmSource.ForecastAlert ? IncidentScore.Outcomes(record, level) : (0, 0);
            return new ServiceRow(name, level.Name(), source.ToString().ToLowerInvariant(), kinds.Sum(k => k.Warned - k.Stood), quiet, announced, cameTrue, kinds);
        }
    }

    public string ToText()
    {
        var text = new StringBuilder("As in service\nlevel     by             forecast  incidents  warned  news  false per server-day  quiet time  announced  came true\n");
        foreach (var row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{row.Level,-9} {row.Source,-14} {row.Forecaster,-9} {row.Kinds.Sum(k => k.Incidents),8} {row.Kinds.Sum(k => k.Warned),7} {row.News,5} {row.Quiet.PerServerDay,21:F2} {row.Quiet.AlarmedShare,11:P1}");
            text.Append(row.Announced == 0 ? "\n" : string.Create(CultureInfo.InvariantCulture, $" {row.Announced,10} {row.CameTrue,10}\n"));
        }

        foreach (var part in Rows.Where(r => r.Source == "alert" && r.Kinds.Count > 0).GroupBy(r => r.Level))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{part.Key} by alert\n{IncidentReport.KindHeader}");
            foreach (var (forecaster, score) in part.SelectMany(r => r.Kinds.Select(k => (r.Forecaster, Score: k))).OrderBy(r => r.Score.Kind, StringComparer.Ordinal))
                text.Append(IncidentReport.KindLine(forecaster, score));
        }

        if (Sweep.Count > 0)
            text.Append("\nOne rule on the forecast alone\nlevel     forecast  within  snapshots  stable  threshold  news  false per server-day  quiet time\n");
        foreach (var row in Sweep)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{row.Level,-9} {row.Forecaster,-9} {row.WithinMinutes,6} {row.Hits,6} of {row.Of} {row.Stable,6} {row.Threshold,10:F2} {row.News,5} {row.PerServerDay,21:F2} {row.AlarmedShare,11:P1}\n");
        }

        return text.Append('\n').ToString();
    }
}
