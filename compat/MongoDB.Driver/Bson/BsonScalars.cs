using System.Globalization;

namespace MongoDB.Bson;

public sealed class BsonDouble(double value) : BsonValue
{
    public double Value => value;

    public override BsonType BsonType => BsonType.Double;

    public override double ToDouble() => value;

    public override bool Equals(BsonValue? other) => other is BsonDouble d && d.Value.Equals(value);

    public override int GetHashCode() => value.GetHashCode();

    public override string ToString() => value.ToString("R", CultureInfo.InvariantCulture);
}

public sealed class BsonInt32(int value) : BsonValue
{
    public int Value => value;

    public override BsonType BsonType => BsonType.Int32;

    public override double ToDouble() => value;

    public override long ToInt64() => value;

    public override bool Equals(BsonValue? other) => other is BsonInt32 i && i.Value == value;

    public override int GetHashCode() => value.GetHashCode();

    public override string ToString() => value.ToString(CultureInfo.InvariantCulture);
}

public sealed class BsonInt64(long value) : BsonValue
{
    public long Value => value;

    public override BsonType BsonType => BsonType.Int64;

    public override double ToDouble() => value;

    public override long ToInt64() => value;

    public override bool Equals(BsonValue? other) => other is BsonInt64 i && i.Value == value;

    public override int GetHashCode() => value.GetHashCode();

    public override string ToString() => value.ToString(CultureInfo.InvariantCulture);
}

public sealed class BsonString(string value) : BsonValue
{
    public string Value => value;

    public override BsonType BsonType => BsonType.String;

    public override double ToDouble() => double.Parse(value, CultureInfo.InvariantCulture);

    public override bool Equals(BsonValue? other) => other is BsonString s && s.Value == value;

    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => value;
}

public sealed class BsonBoolean(bool value) : BsonValue
{
    public static BsonBoolean False { get; } = new(false);

    public static BsonBoolean True { get; } = new(true);

    public bool Value => value;

    public override BsonType BsonType => BsonType.Boolean;

    public override double ToDouble() => value ? 1 : 0;

    public override bool Equals(BsonValue? other) => other is BsonBoolean b && b.Value == value;

    public override int GetHashCode() => value.GetHashCode();

    public override string ToString() => value ? "true" : "false";
}

public sealed class BsonNull : BsonValue
{
    private BsonNull()
    {
    }

    public static BsonNull Value { get; } = new();

    public override BsonType BsonType => BsonType.Null;

    public override bool Equals(BsonValue? other) => other is BsonNull;

    public override int GetHashCode() => 0;

    public override string ToString() => "BsonNull";
}

/// <summary>Milliseconds since 1970, UTC.</summary>
public sealed class BsonDateTime(long millisecondsSinceEpoch) : BsonValue
{
    public BsonDateTime(DateTime dateTime)
        : this((long)Math.Floor((dateTime.ToUniversalTime() - DateTime.UnixEpoch).TotalMilliseconds))
    {
    }

    public long MillisecondsSinceEpoch => millisecondsSinceEpoch;

    public override BsonType BsonType => BsonType.DateTime;

    public override DateTime ToUniversalTime() => DateTime.UnixEpoch.AddMilliseconds(millisecondsSinceEpoch);

    public override bool Equals(BsonValue? other) => other is BsonDateTime d && d.MillisecondsSinceEpoch == millisecondsSinceEpoch;

    public override int GetHashCode() => millisecondsSinceEpoch.GetHashCode();

    public override string ToString() => ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture);
}

public sealed class BsonObjectId(ObjectId value) : BsonValue
{
    public ObjectId Value => value;

    public override BsonType BsonType => BsonType.ObjectId;

    public override bool Equals(BsonValue? other) => other is BsonObjectId o && o.Value == value;

    public override int GetHashCode() => value.GetHashCode();

    public override string ToString() => value.ToString();
}

public enum BsonBinarySubType
{
    Binary = 0,
    UuidStandard = 4,
}

public sealed class BsonBinaryData(byte[] bytes, BsonBinarySubType subType = BsonBinarySubType.Binary) : BsonValue
{
    public byte[] Bytes => bytes;

    public BsonBinarySubType SubType => subType;

    public override BsonType BsonType => BsonType.Binary;

    public override bool Equals(BsonValue? other) => other is BsonBinaryData b && b.SubType == subType && b.Bytes.AsSpan().SequenceEqual(bytes);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    public override string ToString() => "0x" + Convert.ToHexStringLower(bytes);
}

/// <summary>A decimal of 34 digits; here read as a double.</summary>
public sealed class BsonDecimal128 : BsonValue
{
    private const int Bias = 6176;

    internal BsonDecimal128(ulong low, ulong high) => (Low, High) = (low, high);

    internal ulong Low { get; }

    internal ulong High { get; }

    public override BsonType BsonType => BsonType.Decimal128;

    public override double ToDouble()
    {
        var sign = (long)High < 0 ? -1.0 : 1.0;
        if ((High & 0x7c00_0000_0000_0000) == 0x7c00_0000_0000_0000)
            return double.NaN;
        if ((High & 0x7800_0000_0000_0000) == 0x7800_0000_0000_0000)
            return sign * double.PositiveInfinity;
        // With both leading bits set the digits would be more than 34: such a number counts as zero.
        if ((High & 0x6000_0000_0000_0000) == 0x6000_0000_0000_0000)
            return sign * 0;
        var exponent = (int)((High >> 49) & 0x3fff) - Bias;
        var digits = new UInt128(High & 0x1_ffff_ffff_ffff, Low);
        // By text the last bit is right: 1 and -1 is 0.1, which 1 * 0.1 need not be.
        return sign * double.Parse($"{digits}e{exponent.ToString(CultureInfo.InvariantCulture)}", CultureInfo.InvariantCulture);
    }

    public override bool Equals(BsonValue? other) => other is BsonDecimal128 d && d.Low == Low && d.High == High;

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => ToDouble().ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A type that nothing here looks into (regular expression, code, timestamp, the key ends): kept as its bytes, and written back so.</summary>
internal sealed class BsonOpaque(BsonType type, byte[] bytes) : BsonValue
{
    public byte[] Bytes => bytes;

    public override BsonType BsonType => type;

    public override bool Equals(BsonValue? other) => other is BsonOpaque o && o.BsonType == type && o.Bytes.AsSpan().SequenceEqual(bytes);

    public override int GetHashCode() => bytes.Length;

    public override string ToString() => type.ToString();
}
