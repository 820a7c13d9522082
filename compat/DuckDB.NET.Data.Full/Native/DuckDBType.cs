namespace DuckDB.NET.Data.Native;

/// <summary>duckdb_type, as far as the reader knows them.</summary>
internal enum DuckDBType
{
    Invalid = 0,
    Boolean = 1,
    TinyInt = 2,
    SmallInt = 3,
    Integer = 4,
    BigInt = 5,
    UnsignedTinyInt = 6,
    UnsignedSmallInt = 7,
    UnsignedInteger = 8,
    UnsignedBigInt = 9,
    Float = 10,
    Double = 11,
    Timestamp = 12,
    Date = 13,
    Varchar = 17,
    TimestampS = 20,
    TimestampMs = 21,
    TimestampNs = 22,
    TimestampTz = 31,
}
