using System.Buffers;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Serving.Json;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.Predict;

/// <summary>Makes the JSON of a GET /predict from a snapshot. Plain pages are copied together from the blocks' own JSON.</summary>
internal static class PredictPage
{
    public static byte[] Write(FleetSnapshot snapshot, PredictQuery query, IFleetWindows windows)
    {
        var selection = PredictSelection.Of(snapshot, query, windows);
        var buffer = new ArrayBufferWriter<byte>(1024 + (selection.Servers.Count * (query.IsPlain ? 3_500 : 1_500)));
        buffer.Write("{\"predictions\":{"u8);
        if (query.Metrics == MetricMask.All)
            CopyServers(buffer, snapshot, selection.Servers);
        else
            WriteServers(buffer, snapshot, selection.Servers, query.Metrics);
        buffer.Write("},"u8);
        WriteTail(buffer, snapshot, selection.Next);
        return buffer.WrittenSpan.ToArray();
    }

    private static void CopyServers(ArrayBufferWriter<byte> buffer, FleetSnapshot snapshot, IReadOnlyList<ServerSnapshot> servers)
    {
        var first = true;
        foreach (var server in servers)
        {
            var block = snapshot.BlockOf(server);
            if (!first)
                buffer.Write(","u8);
            buffer.Write(BlockJson.Of(block)[server.Number - block.First]);
            first = false;
        }
    }

    private static void WriteServers(
        ArrayBufferWriter<byte> buffer, FleetSnapshot snapshot, IReadOnlyList<ServerSnapshot> servers, MetricMask metrics)
    {
        // The writer needs an object around the members; its opening brace stands in the buffer already.
        var part = new ArrayBufferWriter<byte>(Math.Max(256, servers.Count * 1_500));
        using var json = new Utf8JsonWriter(part, JsonWriting.Options);
        json.WriteStartObject();
        foreach (var server in servers)
        {
            json.WriteStartObject(server.Name);
            ServerJson.WriteMembers(json, snapshot.BlockOf(server), server, metrics);
            json.WriteEndObject();
        }

        json.Flush();
        buffer.Write(part.WrittenSpan[1..]);
    }

    private static void WriteTail(ArrayBufferWriter<byte> buffer, FleetSnapshot snapshot, string? next)
    {
        var part = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(part, JsonWriting.Options);
        json.WriteStartObject();
        json.WriteString("timestamp"u8, snapshot.Time.UtcDateTime);
        json.WriteNumber("snapshot"u8, snapshot.Number);
        json.WritePropertyName("model"u8);
        JsonSerializer.Serialize(json, snapshot.Model, ContractJson.Default.ModelInfo);
        json.WritePropertyName("environment"u8);
        JsonSerializer.Serialize(json, FleetEnvironment.Of(snapshot), ContractJson.Default.EnvironmentInfo);
        json.WritePropertyName("warmup"u8);
        JsonSerializer.Serialize(json, Warmup.Of(snapshot.Totals), ContractJson.Default.WarmupInfo);
        json.WriteString("next"u8, next);
        json.WriteEndObject();
        json.Flush();
        buffer.Write(part.WrittenSpan[1..]);
    }
}
