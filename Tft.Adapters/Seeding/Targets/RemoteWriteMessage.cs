using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>
/// Prometheus' remote write 1.0 message in protobuf: WriteRequest { repeated TimeSeries = 1 }, TimeSeries { repeated Label = 1, repeated
/// Sample = 2 }, Label { name = 1, value = 2 }, Sample { double = 1, milliseconds = 2 }.
/// </summary>
internal sealed class RemoteWriteMessage
{
    private readonly ArrayBufferWriter<byte> _message = new(1 << 20);
    private readonly ArrayBufferWriter<byte> _series = new();
    private readonly ArrayBufferWriter<byte> _part = new();

    public ReadOnlySpan<byte> Written => _message.WrittenSpan;

    /// <param name="points">Seconds since 1970 and value, oldest first.</param>
    public void Add(string name, (string Name, string Value)[] labels, List<(long At, double Value)> points)
    {
        _series.ResetWrittenCount();
        // The receiver wants labels by name.
        foreach (var (label, value) in labels.Append(("__name__", name)).OrderBy(l => l.Item1, StringComparer.Ordinal))
        {
            _part.ResetWrittenCount();
            Bytes(_part, 1, Encoding.UTF8.GetBytes(label));
            Bytes(_part, 2, Encoding.UTF8.GetBytes(value));
            Bytes(_series, 1, _part.WrittenSpan);
        }

        foreach (var (at, value) in points)
        {
            _part.ResetWrittenCount();
            _part.Write<byte>([(1 << 3) | 1]);
            BinaryPrimitives.WriteDoubleLittleEndian(_part.GetSpan(8), value);
            _part.Advance(8);
            _part.Write<byte>([2 << 3]);
            Varint(_part, (ulong)(at * 1000));
            Bytes(_series, 2, _part.WrittenSpan);
        }

        Bytes(_message, 1, _series.WrittenSpan);
    }

    internal static void Varint(IBufferWriter<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output.Write([(byte)(value | 0x80)]);
        output.Write([(byte)value]);
    }

    private static void Bytes(IBufferWriter<byte> output, int field, ReadOnlySpan<byte> bytes)
    {
        output.Write([(byte)((field << 3) | 2)]);
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }
}
