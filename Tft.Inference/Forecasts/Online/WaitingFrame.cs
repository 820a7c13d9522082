using System.Buffers.Binary;
using System.Text;
using Tft.Inference.Hosting;
using Tft.Inference.Journal;

namespace Tft.Inference.Forecasts.Online;

/// <summary>
/// What waits of a server in its slot of the file (<see cref="SlotFrame"/>, "TFTW"), the body being
/// <c>u8 version | u8 length of the name | u8 phase | u8 0 | u32 CRC-32C of the model's version | i64 hour | i64 origin | name | archive</c>.
/// </summary>
internal static class WaitingFrame
{
    private const int BodyHeader = 24;
    private const byte Version = 1;

    /// <summary>Bytes of a slot: room for an archive with what networks and base said.</summary>
    public static readonly int SlotBytes = SlotFrame.HeaderLength + BodyHeader + byte.MaxValue + OriginArchive.MostBytes;

    /// <summary>Bytes at the beginning of a slot that say whose it is and how new.</summary>
    public const int PeekBytes = SlotFrame.HeaderLength + BodyHeader + byte.MaxValue;

    private static ReadOnlySpan<byte> Magic => "TFTW"u8;

    /// <summary>Writes what waits of a server; returns its length, or 0 where it changes at this moment.</summary>
    public static int Write(FollowedServer server, string? model, Span<byte> slot)
    {
        var body = slot[SlotFrame.HeaderLength..];
        var name = Encoding.UTF8.GetBytes(server.Name, body[BodyHeader..]);
        var at = BodyHeader + name;
        if (!server.TryCopyWaiting(body[at..], out var kept))
            return 0;
        (body[0], body[1], body[2], body[3]) = (Version, (byte)name, (byte)kept.Phase, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], ModelOf(model));
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], kept.Hour);
        BinaryPrimitives.WriteInt64LittleEndian(body[16..], kept.Origin);
        at += kept.Bytes;
        return SlotFrame.Seal(Magic, slot, at);
    }

    /// <summary>Whose slot this is and the origin of its newest forecast; false where it is nobody's. The checksum is not looked at.</summary>
    public static bool TryPeek(ReadOnlySpan<byte> slot, out string name, out long origin)
    {
        origin = 0;
        if (!SlotFrame.TryOwner(Magic, slot, BodyHeader, out name))
            return false;
        origin = BinaryPrimitives.ReadInt64LittleEndian(slot[(SlotFrame.HeaderLength + 16)..]);
        return true;
    }

    /// <summary>Lets a server go on waiting for what its slot holds; not where its turn within the hour is another now.</summary>
    /// <exception cref="InvalidDataException">The slot is not sound; the text says why.</exception>
    public static void Read(ReadOnlySpan<byte> slot, FollowedServer server, string? model)
    {
        if (!TryPeek(slot, out var name, out var origin) || name != server.Name)
            throw new InvalidDataException("it is another's");
        var body = SlotFrame.Open(slot, BodyHeader, Version);
        if (body[2] != server.Phase)
            return;
        server.RestoreWaiting(
            BinaryPrimitives.ReadInt64LittleEndian(body[8..]), origin, body[(BodyHeader + body[1])..],
            sameNetworks: BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) == ModelOf(model));
    }

    private static uint ModelOf(string? model) => Crc32C.Compute(Encoding.UTF8.GetBytes(model ?? ""));
}
