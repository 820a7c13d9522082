namespace MongoDB.Bson;

/// <summary>Any value; the As members throw InvalidCastException where it is another, the To members convert.</summary>
public abstract class BsonValue : IEquatable<BsonValue>
{
    public abstract BsonType BsonType { get; }

    public bool IsBsonArray => this is BsonArray;

    public bool IsBsonDocument => this is BsonDocument;

    public bool IsBsonNull => this is BsonNull;

    public bool IsBoolean => this is BsonBoolean;

    public bool IsString => this is BsonString;

    public bool IsNumeric => BsonType is BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128;

    public BsonArray AsBsonArray => As<BsonArray>();

    public BsonDocument AsBsonDocument => As<BsonDocument>();

    public bool AsBoolean => As<BsonBoolean>().Value;

    public byte[] AsByteArray => As<BsonBinaryData>().Bytes;

    public double AsDouble => As<BsonDouble>().Value;

    public int AsInt32 => As<BsonInt32>().Value;

    public long AsInt64 => As<BsonInt64>().Value;

    public ObjectId AsObjectId => As<BsonObjectId>().Value;

    public string AsString => As<BsonString>().Value;

    public virtual BsonValue this[string name]
    {
        get => throw new NotSupportedException($"{GetType().Name} has no elements by name.");
        set => throw new NotSupportedException($"{GetType().Name} has no elements by name.");
    }

    public virtual BsonValue this[int index]
    {
        get => throw new NotSupportedException($"{GetType().Name} has no elements by index.");
        set => throw new NotSupportedException($"{GetType().Name} has no elements by index.");
    }

    public static implicit operator BsonValue(bool value) => new BsonBoolean(value);

    public static implicit operator BsonValue(byte[] value) => new BsonBinaryData(value);

    public static implicit operator BsonValue(DateTime value) => new BsonDateTime(value);

    public static implicit operator BsonValue(double value) => new BsonDouble(value);

    public static implicit operator BsonValue(int value) => new BsonInt32(value);

    public static implicit operator BsonValue(long value) => new BsonInt64(value);

    public static implicit operator BsonValue(ObjectId value) => new BsonObjectId(value);

    public static implicit operator BsonValue(string? value) => value is null ? BsonNull.Value : new BsonString(value);

    public virtual bool ToBoolean() => this is not (BsonNull or BsonBoolean { Value: false });

    public virtual double ToDouble() => throw new NotSupportedException($"{GetType().Name} is no number.");

    public virtual int ToInt32() => checked((int)ToInt64());

    public virtual long ToInt64() => checked((long)ToDouble());

    public virtual DateTime ToUniversalTime() => throw new NotSupportedException($"{GetType().Name} is no time.");

    public abstract bool Equals(BsonValue? other);

    public override bool Equals(object? obj) => Equals(obj as BsonValue);

    public abstract override int GetHashCode();

    private T As<T>()
        where T : BsonValue =>
        this as T ?? throw new InvalidCastException($"Unable to cast object of type 'MongoDB.Bson.{GetType().Name}' to type 'MongoDB.Bson.{typeof(T).Name}'.");
}
