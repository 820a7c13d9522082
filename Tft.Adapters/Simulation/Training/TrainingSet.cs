using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Tft.Adapters.Simulation.Incidents;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;
using Tft.Contract.Time;

namespace Tft.Adapters.Simulation.Training;

/// <summary>
/// Training data of a simulated fleet on the five-minute grid: server_metrics.csv.gz and .parquet (ordered by time, then server),
/// metrics_metadata.json, server_mapping.json and incidents.json. Computed on all processors; the bytes depend on the options alone.
/// </summary>
internal static class TrainingSet
{
    private const int StepsPerBlock = 288;

    public static TrainingSetSummary Write(string folder, SimulatedFleetOptions options, DateTimeOffset end, int hours)
    {
        Directory.CreateDirectory(folder);
        var last = TimeGrid.StepOf(end);
        var first = last - (hours * 3600L / TimeGrid.StepSeconds);
        var csv = Path.Combine(folder, "server_metrics.csv.gz");
        var rows = WriteRows(csv, options, first, last);
        ParquetCopy.Write(csv, Path.Combine(folder, "server_metrics.parquet"));

        var fleet = new SimulatedFleet(options);
        var incidents = IncidentLog.Between(fleet, TimeGrid.StartSeconds(first), TimeGrid.StartSeconds(last));
        IncidentLog.Write(Path.Combine(folder, "incidents.json"), incidents);
        WriteMapping(Path.Combine(folder, "server_mapping.json"), fleet);
        WriteMetadata(Path.Combine(folder, "metrics_metadata.json"), options, fleet, first, last, rows, incidents.Count);
        return new TrainingSetSummary(rows, incidents.Count, TimeGrid.StartOf(first), TimeGrid.StartOf(last));
    }

    /// <summary>Blocks of a day are made side by side, each with a fleet of its own, and written in order.</summary>
    private static long WriteRows(string path, SimulatedFleetOptions options, long first, long last)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes($"timestamp,server_name,profile,state,{string.Join(',', MetricCatalog.All.Select(m => m.Name))}\n"));
        var rows = 0L;
        var blocks = Enumerable.Range(0, (int)((last - first + StepsPerBlock - 1) / StepsPerBlock));
        foreach (var block in blocks.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(b => Block(options, first + ((long)b * StepsPerBlock), last)))
        {
            gzip.Write(block.Csv);
            rows += block.Rows;
        }

        return rows;
    }

    private static (byte[] Csv, long Rows) Block(SimulatedFleetOptions options, long from, long last)
    {
        var fleet = new SimulatedFleet(options);
        var csv = new StringBuilder(1 << 20);
        var rows = 0L;
        for (var step = from; step < Math.Min(from + StepsPerBlock, last); step++)
        {
            foreach (var server in fleet.Servers)
            {
                if (fleet.Mean(server, step) is not { } record)
                    continue;
                Append(csv, record, record.State ?? StateRule.Derive(record.Values, double.NaN, TimeGrid.StartSeconds(step), fleet.Calendar));
                rows++;
            }
        }

        return (Encoding.UTF8.GetBytes(csv.ToString()), rows);
    }

    private static void Append(StringBuilder csv, MetricRecord record, ServerState state)
    {
        csv.Append(CultureInfo.InvariantCulture, $"{record.Timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z,{record.ServerName},{record.Profile!.Value.Name()},{state.Name()}");
        for (var m = 0; m < MetricCatalog.Count; m++)
        {
            csv.Append(',');
            if (!float.IsNaN(record.Values[m]))
                csv.Append(CultureInfo.InvariantCulture, $"{record.Values[m]}");
        }

        csv.Append('\n');
    }

    /// <summary>Labels collide, so a label has a list of names.</summary>
    private static void WriteMapping(string path, SimulatedFleet fleet)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("name_to_id");
        foreach (var server in fleet.Servers)
            json.WriteString(server.Name, ServerId.FromName(server.Name));
        json.WriteEndObject();
        json.WriteStartObject("id_to_name");
        foreach (var label in fleet.Servers.GroupBy(s => ServerId.FromName(s.Name)))
        {
            json.WriteStartArray(label.Key);
            foreach (var server in label)
                json.WriteStringValue(server.Name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetadata(string path, SimulatedFleetOptions options, SimulatedFleet fleet, long first, long last, long rows, int incidents)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("data_contract_version", "2.0.0");
        json.WriteString("generator", "Tft.Adapters simulate");
        json.WriteNumber("seed", options.Seed);
        json.WriteString("scenario", options.Scenario.ToString().ToLowerInvariant());
        json.WriteString("time_zone", options.Zone.Id);
        json.WriteNumber("servers", fleet.Servers.Count);
        json.WriteNumber("rows", rows);
        json.WriteNumber("incidents", incidents);
        json.WriteNumber("step_seconds", TimeGrid.StepSeconds);
        json.WriteString("start", TimeGrid.StartOf(first));
        json.WriteString("end", TimeGrid.StartOf(last));
        Names(json, "metrics", MetricCatalog.All.Select(m => m.Name));
        Names(json, "states", ServerStates.Names);
        json.WriteStartObject("profiles");
        foreach (var profile in fleet.Servers.GroupBy(s => s.Profile).OrderBy(g => g.Key))
            json.WriteNumber(profile.Key.Name(), profile.Count());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}

/// <summary>What was written.</summary>
internal sealed record TrainingSetSummary(long Rows, int Incidents, DateTimeOffset Start, DateTimeOffset End);
