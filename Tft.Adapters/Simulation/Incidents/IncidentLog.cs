using System.Text.Json;

namespace Tft.Adapters.Simulation.Incidents;

/// <summary>The true incidents of a span of time: what a forecaster would have had to see coming.</summary>
internal static class IncidentLog
{
    /// <param name="Precursor">When its first signs could be measured.</param>
    /// <param name="CausedBy">The database whose cascade reaches this server; null: its own.</param>
    public sealed record Entry(string Server, string Kind, double Precursor, double Start, double End, double Peak, string? CausedBy);

    public static IReadOnlyList<Entry> Between(SimulatedFleet fleet, double from, double until)
    {
        var found = new List<Entry>();
        foreach (var server in fleet.Servers)
        {
            foreach (var incident in Incidents(server, from, until))
            {
                found.Add(new Entry(server.Name, incident.Kind.Name(), incident.Precursor, incident.Start, incident.End, incident.Peak, null));
                if (incident.Kind == IncidentKind.Cascade)
                    found.AddRange(Victims(fleet, server, incident, server, 0, 1));
            }
        }

        return [.. found.OrderBy(e => e.Precursor).ThenBy(e => e.Server, StringComparer.Ordinal)];
    }

    public static void Write(string path, IReadOnlyList<Entry> entries)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("server_name", entry.Server);
            json.WriteString("kind", entry.Kind);
            json.WriteString("precursor_start", Time(entry.Precursor));
            json.WriteString("start", Time(entry.Start));
            json.WriteString("end", Time(entry.End));
            json.WriteNumber("peak", Math.Round(entry.Peak, 3));
            json.WriteString("caused_by", entry.CausedBy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<Incident> Incidents(ServerModel server, double from, double until)
    {
        for (var slot = IncidentPlan.SlotOf(from); slot <= IncidentPlan.SlotOf(until); slot++)
        {
            if (server.Plan.InSlot(slot) is { } incident && incident.Precursor < until && incident.End > from)
                yield return incident;
        }
    }

    private static IEnumerable<Entry> Victims(SimulatedFleet fleet, ServerModel root, Incident incident, ServerModel ailing, double lag, double share)
    {
        foreach (var victim in fleet.Servers.Where(s => s.Upstreams.Contains(ailing)))
        {
            var late = lag + victim.Lag;
            var height = incident.Peak * share;
            yield return new Entry(victim.Name, incident.Kind.Name(), incident.Precursor + late, incident.Start + late, incident.End + late, height, root.Name);
            foreach (var next in Victims(fleet, root, incident, victim, late, share * 0.6))
                yield return next;
        }
    }

    private static DateTimeOffset Time(double seconds) => DateTimeOffset.FromUnixTimeSeconds((long)seconds);
}
