namespace Tft.Dashboard.Fleet;

/// <summary>Which servers of the fleet a list shows, and in which order: what its address says.</summary>
internal sealed record ServerFilter(string? Query, string? Level, string? Profile, string? Sort = null, bool Ascending = false)
{
    public bool IsActive => !string.IsNullOrEmpty(Query) || !string.IsNullOrEmpty(Level) || !string.IsNullOrEmpty(Profile);

    /// <summary>The rows that match, in order; ties by name, so that rows do not jump about.</summary>
    public List<ServerRow> Apply(IReadOnlyList<ServerRow> rows)
    {
        var chosen = rows.Where(Matches);
        return [.. (Sort switch
        {
            "name" => Ascending ? chosen.OrderBy(r => r.Name, StringComparer.OrdinalIgnoreCase) : chosen.OrderByDescending(r => r.Name, StringComparer.OrdinalIgnoreCase),
            _ => Ascending ? chosen.OrderBy(KeyOf) : chosen.OrderByDescending(KeyOf),
        }).ThenBy(r => r.Name, StringComparer.Ordinal)];
    }

    private bool Matches(ServerRow row) =>
        (string.IsNullOrEmpty(Query) || row.Name.Contains(Query, StringComparison.OrdinalIgnoreCase))
        && (string.IsNullOrEmpty(Level) || row.Level.Key() == Level)
        && (string.IsNullOrEmpty(Profile) || row.Profile == Profile);

    private double KeyOf(ServerRow row)
    {
        var key = Sort switch
        {
            "prob30" => row.Prob30m,
            "prob8" => row.Prob8h,
            "cpu" => row.Glances[ServerRow.Cpu].In8h.P90,
            "memory" => row.Glances[ServerRow.Memory].In8h.P90,
            "disk" => row.Glances[ServerRow.Disk].In8h.P90,
            "load" => row.Glances[ServerRow.Load].In8h.P90,
            "age" => -row.LastRecordAt.ToUnixTimeSeconds(),
            _ => row.Risk,
        };
        return double.IsNaN(key) ? double.MinValue : key;
    }
}
