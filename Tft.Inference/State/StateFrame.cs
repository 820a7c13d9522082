using System.Buffers.Binary;
using System.Text;
using Tft.Contract.Metrics;
using Tft.Forecasting.State;
using Tft.Inference.Hosting;

namespace Tft.Inference.State;

/// <summary>
/// A state in its slot of the file (<see cref="SlotFrame"/>, "TFTS"), the body being
/// <c>u8 version | u8 length of the name | u16 metrics | i32 step | i32 days | i32 step of the coefficients | u64 recipe | name | tables | coefficients</c>.
/// </summary>
internal static class StateFrame
{
    private const int BodyHeader = 24;
    private const byte Version = 1;

    /// <summary>Bytes of a slot: room for a state of all metrics, on the borders of disk blocks.</summary>
    public static readonly int SlotBytes = RoundUp(SlotFrame.HeaderLength + BodyHeader + byte.MaxValue
        + PackedTables.Size(MetricCatalog.Count) + PackedCoefficients.Size(MetricCatalog.Count));

    private static ReadOnlySpan<byte> Magic => "TFTS"u8;

    /// <summary>Writes a state; returns its length.</summary>
    public static int Write(string name, WeeksState state, Span<byte> slot)
    {
        var body = slot[SlotFrame.HeaderLength..];
        var bytes = Encoding.UTF8.GetBytes(name, body[BodyHeader..]);
        (body[0], body[1]) = (Version, (byte)bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], state.Metrics);
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], state.Step);
        BinaryPrimitives.WriteInt32LittleEndian(body[8..], state.Days);
        BinaryPrimitives.WriteInt32LittleEndian(body[12..], state.CoefficientsStep);
        BinaryPrimitives.WriteUInt64LittleEndian(body[16..], state.Recipe);
        var at = BodyHeader + bytes;
        state.Tables.Bytes.CopyTo(body[at..]);
        at += state.Tables.Bytes.Length;
        state.Coefficients.Bytes.CopyTo(body[at..]);
        at += state.Coefficients.Bytes.Length;
        return SlotFrame.Seal(Magic, slot, at);
    }

    /// <summary>Whose slot this is and how new; false where it is nobody's.</summary>
    /// <param name="head">The first 512 bytes; the checksum is not looked at.</param>
    /// <param name="name">The server.</param>
    /// <param name="step">Last step of its tables.</param>
    public static bool TryPeek(ReadOnlySpan<byte> head, out string name, out long step)
    {
        step = 0;
        if (!SlotFrame.TryOwner(Magic, head, BodyHeader, out name))
            return false;
        step = BinaryPrimitives.ReadInt32LittleEndian(head[(SlotFrame.HeaderLength + 4)..]);
        return true;
    }

    /// <summary>The state of a slot.</summary>
    /// <exception cref="InvalidDataException">It is not sound; the text says why.</exception>
    public static WeeksState Read(ReadOnlySpan<byte> slot, string name)
    {
        if (!TryPeek(slot, out var owner, out _) || owner != name)
            throw new InvalidDataException($"it is not that of {name}");
        var body = SlotFrame.Open(slot, BodyHeader, Version);
        var metrics = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        var count = System.Numerics.BitOperations.PopCount(metrics);
        var at = BodyHeader + body[1];
        var tables = PackedTables.Of(body.Slice(at, Math.Min(PackedTables.Size(count), body.Length - at)), count);
        at += tables.Bytes.Length;
        return new WeeksState(
            metrics, BinaryPrimitives.ReadInt32LittleEndian(body[4..]), BinaryPrimitives.ReadInt32LittleEndian(body[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(body[16..]), BinaryPrimitives.ReadInt32LittleEndian(body[12..]), tables, PackedCoefficients.Of(body[at..], count));
    }

    private static int RoundUp(int bytes) => (bytes + 511) / 512 * 512;
}
