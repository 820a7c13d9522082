using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MongoDB.Bson;

/// <summary>Documents as bytes (bsonspec.org, version 1.1).</summary>
internal static class BsonBytes
{
    private const int MostLevels = 100;

    /// <exception cref="FormatException">The bytes are no document.</exception>
    public static BsonDocument Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var at = 0;
            var document = new BsonDocument();
            Elements(bytes, ref at, 0, document.Append);
            return document;
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new FormatException("The bytes are no BSON document: they end too early.", e);
        }
    }

    public static byte[] Write(BsonDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Document(buffer, document.Elements, 0);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Elements(ReadOnlySpan<byte> bytes, ref int at, int level, Action<string, BsonValue> add)
    {
        if (level > MostLevels)
            throw new FormatException($"The document is nested deeper than {MostLevels} levels.");
        var end = at + BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        if (end > bytes.Length || end < at + 5)
            throw new FormatException("The bytes are no BSON document: its length is wrong.");
        at += 4;
        while (bytes[at] != 0)
        {
            var type = (BsonType)bytes[at++];
            var name = CString(bytes, ref at);
            add(name, Value(bytes, ref at, type, level));
        }

        at++;
        if (at != end)
            throw new FormatException("The bytes are no BSON document: its length is wrong.");
    }

    private static BsonValue Value(ReadOnlySpan<byte> bytes, ref int at, BsonType type, int level)
    {
        switch (type)
        {
            case BsonType.Double:
                return new BsonDouble(BinaryPrimitives.ReadDoubleLittleEndian(Take(bytes, ref at, 8)));
            case BsonType.Int32:
                return new BsonInt32(BinaryPrimitives.ReadInt32LittleEndian(Take(bytes, ref at, 4)));
            case BsonType.Int64:
                return new BsonInt64(BinaryPrimitives.ReadInt64LittleEndian(Take(bytes, ref at, 8)));
            case BsonType.DateTime:
                return new BsonDateTime(BinaryPrimitives.ReadInt64LittleEndian(Take(bytes, ref at, 8)));
            case BsonType.Boolean:
                return Take(bytes, ref at, 1)[0] == 0 ? BsonBoolean.False : BsonBoolean.True;
            case BsonType.Null or BsonType.Undefined:
                return BsonNull.Value;
            case BsonType.ObjectId:
                return new BsonObjectId(new ObjectId(Take(bytes, ref at, 12)));
            case BsonType.String:
                var text = Take(bytes, ref at, BinaryPrimitives.ReadInt32LittleEndian(Take(bytes, ref at, 4)));
                return new BsonString(Encoding.UTF8.GetString(text[..^1]));
            case BsonType.Decimal128:
                var digits = Take(bytes, ref at, 16);
                return new BsonDecimal128(BinaryPrimitives.ReadUInt64LittleEndian(digits), BinaryPrimitives.ReadUInt64LittleEndian(digits[8..]));
            case BsonType.Binary:
                var length = BinaryPrimitives.ReadInt32LittleEndian(Take(bytes, ref at, 4));
                var sub = (BsonBinarySubType)Take(bytes, ref at, 1)[0];
                return new BsonBinaryData(Take(bytes, ref at, length).ToArray(), sub);
            case BsonType.Document:
                var document = new BsonDocument();
                Elements(bytes, ref at, level + 1, document.Append);
                return document;
            case BsonType.Array:
                var array = new BsonArray();
                Elements(bytes, ref at, level + 1, (_, value) => array.Add(value));
                return array;
            default:
                return new BsonOpaque(type, Take(bytes, ref at, OpaqueLength(bytes[at..], type)).ToArray());
        }
    }

    private static int OpaqueLength(ReadOnlySpan<byte> rest, BsonType type) => type switch
    {
        BsonType.MinKey or BsonType.MaxKey => 0,
        BsonType.Timestamp => 8,
        BsonType.JavaScript or BsonType.Symbol => 4 + BinaryPrimitives.ReadInt32LittleEndian(rest),
        BsonType.JavaScriptWithScope => BinaryPrimitives.ReadInt32LittleEndian(rest),
        BsonType.RegularExpression => rest.IndexOf((byte)0) + 1 is var pattern && pattern > 0 ? pattern + rest[pattern..].IndexOf((byte)0) + 1 : -1,
        _ => throw new FormatException($"BSON knows no type 0x{(int)type:x2}."),
    };

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref int at, int count)
    {
        var taken = bytes.Slice(at, count);
        at += count;
        return taken;
    }

    private static string CString(ReadOnlySpan<byte> bytes, ref int at)
    {
        var text = bytes.Slice(at, bytes[at..].IndexOf((byte)0));
        at += text.Length + 1;
        return Encoding.UTF8.GetString(text);
    }

    private static void Document(ArrayBufferWriter<byte> buffer, IEnumerable<BsonElement> elements, int level)
    {
        if (level > MostLevels)
            throw new FormatException($"The document is nested deeper than {MostLevels} levels.");
        var body = new ArrayBufferWriter<byte>(128);
        foreach (var (name, value) in elements)
        {
            Byte(body, (int)value.BsonType);
            body.Write(Encoding.UTF8.GetBytes(name));
            Byte(body, 0);
            Value(body, value, level);
        }

        Int32(buffer, body.WrittenCount + 5);
        buffer.Write(body.WrittenSpan);
        Byte(buffer, 0);
    }

    private static void Value(ArrayBufferWriter<byte> buffer, BsonValue value, int level)
    {
        switch (value)
        {
            case BsonDouble d:
                Int64(buffer, BitConverter.DoubleToInt64Bits(d.Value));
                break;
            case BsonInt32 i:
                Int32(buffer, i.Value);
                break;
            case BsonInt64 l:
                Int64(buffer, l.Value);
                break;
            case BsonDateTime t:
                Int64(buffer, t.MillisecondsSinceEpoch);
                break;
            case BsonBoolean b:
                Byte(buffer, b.Value ? 1 : 0);
                break;
            case BsonNull:
                break;
            case BsonObjectId id:
                id.Value.Write(buffer.GetSpan(12));
                buffer.Advance(12);
                break;
            case BsonString s:
                var text = Encoding.UTF8.GetBytes(s.Value);
                Int32(buffer, text.Length + 1);
                buffer.Write(text);
                Byte(buffer, 0);
                break;
            case BsonDecimal128 d:
                Int64(buffer, (long)d.Low);
                Int64(buffer, (long)d.High);
                break;
            case BsonBinaryData b:
                Int32(buffer, b.Bytes.Length);
                Byte(buffer, (int)b.SubType);
                buffer.Write(b.Bytes);
                break;
            case BsonDocument d:
                Document(buffer, d.Elements, level + 1);
                break;
            case BsonArray a:
                Document(buffer, a.Values.Select((v, i) => new BsonElement(i.ToString(CultureInfo.InvariantCulture), v)), level + 1);
                break;
            case BsonOpaque o:
                buffer.Write(o.Bytes);
                break;
            default:
                throw new NotSupportedException($"A {value.GetType().Name} cannot be written.");
        }
    }

    private static void Byte(ArrayBufferWriter<byte> buffer, int value)
    {
        buffer.GetSpan(1)[0] = (byte)value;
        buffer.Advance(1);
    }

    private static void Int32(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    private static void Int64(ArrayBufferWriter<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }
}
