using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.Predict;

/// <summary>The servers of a page, and the cursor of the next.</summary>
internal readonly record struct PredictSelection(IReadOnlyList<ServerSnapshot> Servers, string? Next)
{
    public static PredictSelection Of(FleetSnapshot snapshot, PredictQuery query, IFleetWindows windows)
    {
        if (query.Servers is { } names)
            return new(Named(snapshot, query, names, windows), null);
        return query.Top is { } top ? new(Worst(snapshot, query.MinRisk, top), null) : Page(snapshot, query, windows);
    }

    private static List<ServerSnapshot> Named(FleetSnapshot snapshot, PredictQuery query, IReadOnlyList<string> names, IFleetWindows windows)
    {
        var servers = new List<ServerSnapshot>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (windows.TryFind(name, out var number) && snapshot.Find(number) is { } server && server.Risk.Score >= query.MinRisk)
                servers.Add(server);
        }

        return query.Top is { } top ? [.. servers.OrderByDescending(s => s.Risk.Score).Take(top)] : servers;
    }

    private static List<ServerSnapshot> Worst(FleetSnapshot snapshot, float minRisk, int top)
    {
        var queue = new PriorityQueue<ServerSnapshot, float>(top + 1);
        foreach (var block in snapshot.Blocks)
        {
            foreach (var server in block.Servers)
            {
                if (server is null || server.Risk.Score < minRisk)
                    continue;
                if (queue.Count < top)
                    queue.Enqueue(server, server.Risk.Score);
                else
                    queue.EnqueueDequeue(server, server.Risk.Score);
            }
        }

        var worst = new List<ServerSnapshot>(queue.Count);
        while (queue.TryDequeue(out var server, out _))
            worst.Add(server);
        worst.Sort(static (a, b) => a.Risk.Score != b.Risk.Score ? b.Risk.Score.CompareTo(a.Risk.Score) : a.Number.CompareTo(b.Number));
        return worst;
    }

    private static PredictSelection Page(FleetSnapshot snapshot, PredictQuery query, IFleetWindows windows)
    {
        var servers = new List<ServerSnapshot>(Math.Min(query.Limit, snapshot.Totals.Servers));
        var from = query.After is { } after && windows.TryFind(after, out var last) ? last + 1 : 0;
        for (var number = from; number < snapshot.Blocks.Length * SnapshotBlock.Size; number++)
        {
            if (snapshot.Find(number) is not { } server || server.Risk.Score < query.MinRisk)
                continue;
            if (servers.Count == query.Limit)
                return new(servers, servers[^1].Name);
            servers.Add(server);
        }

        return new(servers, null);
    }
}
