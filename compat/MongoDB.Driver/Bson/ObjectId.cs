using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MongoDB.Bson;

/// <summary>Twelve bytes: seconds, five of chance, a counter; in the order of making as far as the seconds tell.</summary>
public readonly struct ObjectId : IEquatable<ObjectId>, IComparable<ObjectId>
{
    private static readonly byte[] s_chance = RandomNumberGenerator.GetBytes(5);
    private static int s_counter = RandomNumberGenerator.GetInt32(0x1000000);

    private readonly ulong _head;
    private readonly uint _tail;

    /// <exception cref="ArgumentException">Not twelve bytes.</exception>
    public ObjectId(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length != 12)
            throw new ArgumentException("Byte array must be 12 bytes long", nameof(bytes));
        _head = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _tail = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8));
    }

    internal ObjectId(ReadOnlySpan<byte> bytes)
    {
        _head = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _tail = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
    }

    /// <exception cref="FormatException">Not 24 hexadecimal digits.</exception>
    public ObjectId(string value)
        : this(Convert.FromHexString(value))
    {
    }

    public DateTime CreationTime => DateTime.UnixEpoch.AddSeconds(_head >> 32);

    public static bool operator ==(ObjectId left, ObjectId right) => left.Equals(right);

    public static bool operator !=(ObjectId left, ObjectId right) => !left.Equals(right);

    public static ObjectId GenerateNewId()
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (uint)Interlocked.Increment(ref s_counter));
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        s_chance.CopyTo(bytes, 4);
        return new ObjectId(bytes);
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[12];
        Write(bytes);
        return bytes;
    }

    public int CompareTo(ObjectId other) => _head != other._head ? _head.CompareTo(other._head) : _tail.CompareTo(other._tail);

    public bool Equals(ObjectId other) => _head == other._head && _tail == other._tail;

    public override bool Equals(object? obj) => obj is ObjectId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_head, _tail);

    public override string ToString() => Convert.ToHexStringLower(ToByteArray());

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _head);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], _tail);
    }
}
