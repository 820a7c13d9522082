using Tft.Dashboard.Fleet;

namespace Tft.Dashboard.Heatmap;

/// <summary>What the heatmap can show, and for which leads the service gives it.</summary>
/// <param name="Key">In the URL.</param>
/// <param name="Label">For people.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Leads">Stops of the slider.</param>
/// <param name="Values">The value of a server at a stop; NaN where there is none.</param>
/// <param name="Calm">Up to this value a cell has the colour of calm.</param>
/// <param name="Full">From this value on it has the strongest colour; 0 takes the fleet's own maximum.</param>
internal sealed record HeatmapScale(
    string Key, string Label, string Unit, string[] Leads, Func<ServerRow, int, float> Values, float Calm, float Full)
{
    private static readonly string[] s_four = ["now", "+30 min", "+1 h", "+8 h"];

    public static readonly HeatmapScale[] All =
    [
        new("risk", "Risk", "", ["now", "next 8 h"], (r, i) => i == 0 ? r.CurrentRisk : r.PredictedRisk, 0, 100),
        new("probability", "Probability of critical", "%", ["within 30 min", "within 8 h"], (r, i) => 100 * (i == 0 ? r.Prob30m : r.Prob8h), 0, 100),
        Of("cpu", "CPU used, p90", "%", ServerRow.Cpu, 50, 100),
        Of("memory", "Memory used, p90", "%", ServerRow.Memory, 50, 100),
        Of("disk", "Disk used, p90", "%", ServerRow.Disk, 50, 100),
        Of("load", "Load average, p90", "", ServerRow.Load, 0, 0),
    ];

    /// <summary>The scale of this key; the first if there is none.</summary>
    public static HeatmapScale Find(string? key) => All.FirstOrDefault(s => s.Key == key) ?? All[0];

    private static HeatmapScale Of(string key, string label, string unit, int metric, float calm, float full) => new(
        key,
        label,
        unit,
        s_four,
        (row, lead) => lead switch
        {
            0 => row.Glances[metric].Now,
            1 => row.Glances[metric].In30m.P90,
            2 => row.Glances[metric].In1h.P90,
            _ => row.Glances[metric].In8h.P90,
        },
        calm,
        full);
}
