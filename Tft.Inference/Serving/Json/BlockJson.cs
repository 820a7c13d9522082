using System.Buffers;
using System.Text.Json;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;

namespace Tft.Inference.Serving.Json;

/// <summary>
/// The members <c>"name":{...}</c> of a block's servers, all metrics, made at the first request and kept while the block lives. Neighbours are
/// separated by a comma, so any run of servers is one slice.
/// </summary>
internal sealed class BlockJson
{
    private readonly byte[] _text;
    private readonly int[] _starts;
    private readonly int[] _ends;

    private BlockJson(byte[] text, int[] starts, int[] ends) => (_text, _starts, _ends) = (text, starts, ends);

    public static BlockJson Of(SnapshotBlock block) => block.Derive(static b => Make(b));

    /// <summary>One server's member; empty when it is retired.</summary>
    public ReadOnlySpan<byte> this[int position] => _text.AsSpan(_starts[position].._ends[position]);

    /// <summary>All of them; empty when none is left.</summary>
    public ReadOnlySpan<byte> All => _text;

    private static BlockJson Make(SnapshotBlock block)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, block.Totals.Servers * 3_500));
        using var json = new Utf8JsonWriter(buffer, JsonWriting.Options);
        var starts = new int[block.Servers.Length];
        var ends = new int[block.Servers.Length];
        json.WriteStartObject();
        json.Flush();
        var open = buffer.WrittenCount;
        for (var i = 0; i < block.Servers.Length; i++)
        {
            var start = buffer.WrittenCount;
            if (block.Servers[i] is { } server)
            {
                // the comma before a later member is not part of it
                start += start > open ? 1 : 0;
                json.WriteStartObject(server.Name);
                ServerJson.WriteMembers(json, block, server, MetricMask.All);
                json.WriteEndObject();
                json.Flush();
            }

            (starts[i], ends[i]) = (start - open, buffer.WrittenCount - open);
            if (block.Servers[i] is null)
                ends[i] = starts[i];
        }

        return new BlockJson(buffer.WrittenSpan[open..].ToArray(), starts, ends);
    }
}
