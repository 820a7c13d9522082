using System.Globalization;
using Tft.Adapters.Sources;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Adapters.Mapping;

/// <summary>
/// Rows to records by a plan. A field that a row does not have stays missing: never 0, never 100. One that can't be read is missing
/// too, and a fault that names row, field and text.
/// </summary>
internal sealed class RecordMapper(MappingPlan plan, MappingTrace trace)
{
    /// <summary>How far past its range a value may be by rounding; it is then brought back, else it is a fault.</summary>
    private const double Rounding = 1;

    private static readonly FieldRule s_none = new();

    private readonly (MetricDefinition Metric, FieldRule Rule)[] _metrics =
        [.. MetricCatalog.All.Where(m => plan.Fields.ContainsKey(m.Name)).Select(m => (m, plan.Fields[m.Name]))];

    private readonly RateMemory _rates = new();

    public MappingPlan Plan => plan;

    public MappingTrace Trace => trace;

    /// <summary>Between which values of the source a field is in its metric's range.</summary>
    public static (double Least, double Most) Range(MetricDefinition metric, FieldRule rule)
    {
        if (rule.Scale == 0)
            return (double.NegativeInfinity, double.PositiveInfinity);
        var (a, b) = ((metric.Min - Rounding - rule.Offset) / rule.Scale, (Most(metric) - rule.Offset) / rule.Scale);
        return a <= b ? (a, b) : (b, a);
    }

    /// <summary>Server and time of a row; false, with a fault, where either is missing or unreadable.</summary>
    public bool TryKey(IRow row, List<MappingFault> faults, out string server, out DateTimeOffset time)
    {
        time = default;
        server = Text(row, "server_name") ?? "";
        if (server.Length == 0)
        {
            faults.Add(new MappingFault(row.Name, Paths("server_name"), "no server name there"));
            return false;
        }

        var rule = plan.Fields.GetValueOrDefault("timestamp", s_none);
        if (!rule.TryFind(row, out var path, out var cell))
        {
            faults.Add(new MappingFault(row.Name, Paths("timestamp"), "no time there"));
            return false;
        }

        if (Times.TryRead(cell, out time))
            return true;
        faults.Add(new MappingFault(row.Name, path.Text, $"'{cell}' is not a time"));
        return false;
    }

    /// <summary>One record of the rows of one server at one time; null where they hold no metric at all.</summary>
    public MetricRecord? Map(string server, DateTimeOffset time, IReadOnlyList<IRow> rows, List<MappingFault> faults)
    {
        var fields = trace.Enabled ? new Dictionary<string, FieldTrace>(StringComparer.Ordinal) : null;
        var values = MetricValues.Missing;
        var any = false;
        foreach (var (metric, rule) in _metrics)
        {
            if (Value(metric, rule, server, rows, faults, fields) is not { } value)
                continue;
            values.Set(metric.Id, value);
            any = true;
        }

        if (!any)
            return null;
        var record = new MetricRecord
        {
            ServerName = server,
            Timestamp = time,
            State = State(rows, faults, fields),
            Profile = Profile(rows, faults, fields),
            Values = values,
        };
        if (fields is not null)
        {
            Note(fields, "server_name", rows);
            Note(fields, "timestamp", rows);
            trace.Keep(record, fields);
        }

        return record;
    }

    private static double Most(MetricDefinition metric) => metric.IsPercent ? metric.Max + Rounding : metric.Max;

    private float? Value(MetricDefinition metric, FieldRule rule, string server, IReadOnlyList<IRow> rows, List<MappingFault> faults, Dictionary<string, FieldTrace>? fields)
    {
        double? combined = null;
        foreach (var row in rows)
        {
            if (!rule.Applies(row) || Number(metric, rule, server, row, faults, fields) is not { } number)
                continue;
            combined = (combined, rule.Combine) switch
            {
                (null, _) or (_, Combine.Last) => number,
                (_, Combine.Sum) => combined + number,
                _ => Math.Max(combined.Value, number),
            };
        }

        if ((combined ?? Constant(metric, rule, fields)) is not { } value)
            return null;
        if (value < metric.Min - Rounding || value > Most(metric))
        {
            faults.Add(new MappingFault(rows[0].Name, Paths(metric.Name), string.Create(CultureInfo.InvariantCulture, $"{metric.Name} would be {value}, which is out of its range: check scale and unit")));
            return null;
        }

        var inRange = metric.Clamp((float)value);
        return metric.IsInteger ? MathF.Round(inRange) : inRange;
    }

    private double? Number(MetricDefinition metric, FieldRule rule, string server, IRow row, List<MappingFault> faults, Dictionary<string, FieldTrace>? fields)
    {
        if (!rule.TryFind(row, out var path, out var cell))
            return null;
        if (!cell.TryNumber(out var number))
        {
            faults.Add(new MappingFault(row.Name, path.Text, $"'{cell}' is not a number, and {metric.Name} needs one"));
            return null;
        }

        fields?.TryAdd(metric.Name, new FieldTrace(path.Text + (rule.Rate ? " (rate)" : ""), cell.ToString()));
        if (!rule.Rate)
            return (number * rule.Scale) + rule.Offset;
        var series = rule.SeriesPath is { } s && row.TryGet(s, out var name) ? name.ToString() : "";
        var at = plan.Fields.GetValueOrDefault("timestamp", s_none).TryFind(row, out _, out var time) && Times.TryRead(time, out var t) ? t : default;
        return _rates.PerSecond((server, metric.Id, series), at, number) is { } rate ? (rate * rule.Scale) + rule.Offset : null;
    }

    private static double? Constant(MetricDefinition metric, FieldRule rule, Dictionary<string, FieldTrace>? fields)
    {
        var text = rule.Constant ?? rule.Default;
        if (text is null || !Cell.Of(text).TryNumber(out var number))
            return null;
        fields?.TryAdd(metric.Name, new FieldTrace(rule.Constant is null ? "default" : "constant", text));
        return number;
    }

    private ServerState? State(IReadOnlyList<IRow> rows, List<MappingFault> faults, Dictionary<string, FieldTrace>? fields)
    {
        ServerState? worst = null;
        foreach (var row in rows)
        {
            if (Text(row, "state") is not { Length: > 0 } text)
                continue;
            if (ServerStates.TryParse(text, out var state))
                worst = worst is { } w ? ServerStates.Worst(w, state) : state;
            else
                faults.Add(new MappingFault(row.Name, Paths("state"), $"'{text}' is not a state; rename it in the mapping"));
        }

        if (worst is not null && fields is not null)
            Note(fields, "state", rows);
        return worst;
    }

    private ServerProfile? Profile(IReadOnlyList<IRow> rows, List<MappingFault> faults, Dictionary<string, FieldTrace>? fields)
    {
        if (rows.Select(r => Text(r, "profile")).FirstOrDefault(t => t is { Length: > 0 }) is not { } text)
            return null;
        if (fields is not null)
            Note(fields, "profile", rows);
        if (ServerProfiles.TryParse(text, out var profile))
            return profile;
        faults.Add(new MappingFault(rows[0].Name, Paths("profile"), $"'{text}' is not a profile; rename it in the mapping"));
        return null;
    }

    private string? Text(IRow row, string field)
    {
        var rule = plan.Fields.GetValueOrDefault(field, s_none);
        var text = rule.Constant;
        if (text is null && rule.Applies(row) && rule.TryFind(row, out _, out var cell) && !cell.IsUnusable)
            text = cell.ToString().Trim();
        text ??= rule.Default;
        return text is not null && rule.Rename.TryGetValue(text, out var renamed) ? renamed : text;
    }

    private void Note(Dictionary<string, FieldTrace> fields, string field, IReadOnlyList<IRow> rows)
    {
        var rule = plan.Fields.GetValueOrDefault(field, s_none);
        if (rule.Constant is { } constant)
            fields.TryAdd(field, new FieldTrace("constant", constant));
        else if (rule.TryFind(rows[0], out var path, out var cell))
            fields.TryAdd(field, new FieldTrace(path.Text, cell.ToString()));
    }

    private string Paths(string field) => string.Join(" | ", plan.Fields.GetValueOrDefault(field, s_none).Paths);
}
