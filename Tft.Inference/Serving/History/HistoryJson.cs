using System.Buffers;
using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Serving.Json;

namespace Tft.Inference.Serving.History;

/// <summary>The answer of GET /history/{server} (<see cref="Contract.Messages.HistoryResponse"/>): the mean of each point's steps, null where there is none.</summary>
internal static class HistoryJson
{
    private static readonly int[] s_allLeads = [.. Enumerable.Range(0, PastLeads.Count)];

    public static byte[] Write(ServerSnapshot server, HistoryQuery query, ServerPast past, bool kept)
    {
        var buffer = new ArrayBufferWriter<byte>(48 * 1024);
        using var json = new Utf8JsonWriter(buffer, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteString("server_name"u8, server.Name);
        json.WriteNumber("step_seconds"u8, query.Every * TimeGrid.StepSeconds);
        json.WriteTime("oldest_step"u8, past.Oldest == 0 ? server.OriginSeconds : TimeGrid.StartSeconds(past.Oldest));
        json.WriteTime("first_step"u8, past.Oldest == 0 ? server.OriginSeconds : TimeGrid.StartSeconds(past.First));
        json.WriteStartObject("measured"u8);
        foreach (var metric in MetricCatalog.All.Where(m => query.Metrics.Has(m.Id)))
        {
            json.WritePropertyName(MetricNames.Of(metric.Id));
            WriteMeans(json, past, query.Every, step => past.Measured(metric.Id, step));
        }

        json.WriteEndObject();
        json.WriteBoolean("forecasts_kept"u8, kept);
        WriteLeads(json, "forecasts"u8, query, past, WriteBand);
        WriteLeads(json, "outcomes"u8, query, past, static (writer, past, lead, metric, _) => PastOutcomes.Of(past, lead, metric).Write(writer));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteLeads(Utf8JsonWriter json, ReadOnlySpan<byte> name, HistoryQuery query, ServerPast past, Action<Utf8JsonWriter, ServerPast, int, Metric, int> write)
    {
        json.WriteStartObject(name);
        foreach (var lead in query.Leads ?? s_allLeads)
        {
            json.WriteStartObject(PastLeads.Names[lead]);
            foreach (var metric in MetricCatalog.All.Where(m => query.Metrics.Has(m.Id) && Any(past, lead, m.Id)))
            {
                json.WritePropertyName(MetricNames.Of(metric.Id));
                write(json, past, lead, metric.Id, query.Every);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteBand(Utf8JsonWriter json, ServerPast past, int lead, Metric metric, int every)
    {
        json.WriteStartObject();
        json.WritePropertyName("p10"u8);
        WriteMeans(json, past, every, step => past.Forecasts.TryGet(step, lead, metric, out var band) ? band.P10 : float.NaN);
        json.WritePropertyName("p50"u8);
        WriteMeans(json, past, every, step => past.Forecasts.TryGet(step, lead, metric, out var band) ? band.P50 : float.NaN);
        json.WritePropertyName("p90"u8);
        WriteMeans(json, past, every, step => past.Forecasts.TryGet(step, lead, metric, out var band) ? band.P90 : float.NaN);
        json.WriteEndObject();
    }

    private static void WriteMeans(Utf8JsonWriter json, ServerPast past, int every, Func<long, float> value)
    {
        json.WriteStartArray();
        for (var step = past.First; step <= past.Last; step += every)
        {
            double sum = 0;
            var count = 0;
            for (var each = step; each < step + every && each <= past.Last; each++)
            {
                if (value(each) is var v && !float.IsNaN(v))
                {
                    sum += v;
                    count++;
                }
            }

            json.WriteRounded(count == 0 ? float.NaN : (float)(sum / count));
        }

        json.WriteEndArray();
    }

    private static bool Any(ServerPast past, int lead, Metric metric)
    {
        for (var step = past.First; step <= past.Last; step++)
        {
            if (past.Forecasts.TryGet(step, lead, metric, out _))
                return true;
        }

        return false;
    }
}
