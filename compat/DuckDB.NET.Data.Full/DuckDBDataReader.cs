using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data.Native;

namespace DuckDB.NET.Data;

/// <summary>Reads a result chunk by chunk, forward only.</summary>
public sealed unsafe class DuckDBDataReader : DbDataReader
{
    private readonly string[] _names;
    private readonly DuckDBType[] _types;
    private readonly byte*[] _data;
    private readonly ulong*[] _validity;
    private NativeResult _result;
    private nint _chunk;
    private ulong _row;
    private ulong _rows;
    private bool _closed;

    internal DuckDBDataReader(NativeResult result)
    {
        _result = result;
        var columns = (int)NativeMethods.ColumnCount(ref _result);
        _names = new string[columns];
        _types = new DuckDBType[columns];
        _data = new byte*[columns];
        _validity = new ulong*[columns];
        for (var i = 0; i < columns; i++)
        {
            _names[i] = Marshal.PtrToStringUTF8((nint)NativeMethods.ColumnName(ref _result, (ulong)i)) ?? "";
            _types[i] = NativeMethods.ColumnType(ref _result, (ulong)i);
        }
    }

    public override int Depth => 0;

    public override int FieldCount => _names.Length;

    public override bool HasRows => throw new NotSupportedException("The stand-in of DuckDB.NET reads forward only: call Read().");

    public override bool IsClosed => _closed;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read()
    {
        if (_closed)
        {
            throw new InvalidOperationException("The reader is closed.");
        }

        if (_chunk != 0 && ++_row < _rows)
        {
            return true;
        }

        do
        {
            NativeMethods.DestroyChunk(ref _chunk);
            _chunk = NativeMethods.FetchChunk(_result);
            if (_chunk == 0)
            {
                return false;
            }

            _row = 0;
            _rows = NativeMethods.ChunkSize(_chunk);
        }
        while (_rows == 0);

        for (var i = 0; i < _data.Length; i++)
        {
            var vector = NativeMethods.ChunkVector(_chunk, (ulong)i);
            _data[i] = NativeMethods.VectorData(vector);
            _validity[i] = NativeMethods.VectorValidity(vector);
        }

        return true;
    }

    public override bool IsDBNull(int ordinal) =>
        _validity[ordinal] != null && (_validity[ordinal][_row / 64] >> (int)(_row % 64) & 1) == 0;

    public override object GetValue(int ordinal) => IsDBNull(ordinal) ? DBNull.Value : _types[ordinal] switch
    {
        DuckDBType.Boolean => At<byte>(ordinal) != 0,
        DuckDBType.TinyInt => At<sbyte>(ordinal),
        DuckDBType.SmallInt => At<short>(ordinal),
        DuckDBType.Integer => At<int>(ordinal),
        DuckDBType.BigInt => At<long>(ordinal),
        DuckDBType.UnsignedTinyInt => At<byte>(ordinal),
        DuckDBType.UnsignedSmallInt => At<ushort>(ordinal),
        DuckDBType.UnsignedInteger => At<uint>(ordinal),
        DuckDBType.UnsignedBigInt => At<ulong>(ordinal),
        DuckDBType.Float => At<float>(ordinal),
        DuckDBType.Double => At<double>(ordinal),
        DuckDBType.Varchar => GetString(ordinal),
        DuckDBType.Timestamp or DuckDBType.TimestampTz or DuckDBType.TimestampS or DuckDBType.TimestampMs
            or DuckDBType.TimestampNs or DuckDBType.Date => GetDateTime(ordinal),
        var other => throw new NotSupportedException(
            $"Column '{_names[ordinal]}' has DuckDB type {(int)other}, which the stand-in does not read; cast it in the query."),
    };

    public override string GetString(int ordinal)
    {
        if (_types[ordinal] != DuckDBType.Varchar)
        {
            return Convert.ToString(GetValue(ordinal), CultureInfo.InvariantCulture) ?? "";
        }

        // duckdb_string_t: a length; up to 12 bytes follow in place, else 4 bytes of prefix and a pointer
        var at = _data[ordinal] + 16 * _row;
        var length = *(int*)at;
        return Marshal.PtrToStringUTF8(length <= 12 ? (nint)(at + 4) : *(nint*)(at + 8), length);
    }

    public override DateTime GetDateTime(int ordinal) => DateTime.UnixEpoch + (_types[ordinal] switch
    {
        DuckDBType.Timestamp or DuckDBType.TimestampTz => TimeSpan.FromMicroseconds(At<long>(ordinal)),
        DuckDBType.TimestampS => TimeSpan.FromSeconds(At<long>(ordinal)),
        DuckDBType.TimestampMs => TimeSpan.FromMilliseconds(At<long>(ordinal)),
        DuckDBType.TimestampNs => TimeSpan.FromTicks(At<long>(ordinal) / 100),
        DuckDBType.Date => TimeSpan.FromDays(At<int>(ordinal)),
        _ => throw new InvalidCastException($"Column '{_names[ordinal]}' is no time."),
    });

    public override double GetDouble(int ordinal) => _types[ordinal] switch
    {
        DuckDBType.Double when !IsDBNull(ordinal) => At<double>(ordinal),
        DuckDBType.Float when !IsDBNull(ordinal) => At<float>(ordinal),
        _ => Convert.ToDouble(GetValue(ordinal), CultureInfo.InvariantCulture),
    };

    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);

    public override long GetInt64(int ordinal) => Convert.ToInt64(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override int GetInt32(int ordinal) => Convert.ToInt32(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override short GetInt16(int ordinal) => Convert.ToInt16(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override byte GetByte(int ordinal) => Convert.ToByte(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override bool GetBoolean(int ordinal) => Convert.ToBoolean(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override char GetChar(int ordinal) => GetString(ordinal)[0];

    public override decimal GetDecimal(int ordinal) => Convert.ToDecimal(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override Guid GetGuid(int ordinal) => Guid.Parse(GetString(ordinal));

    public override string GetName(int ordinal) => _names[ordinal];

    public override int GetOrdinal(string name) => Array.IndexOf(_names, name) is >= 0 and var i ? i
        : throw new ArgumentOutOfRangeException(nameof(name), name, $"The result has the columns {string.Join(", ", _names)}.");

    public override string GetDataTypeName(int ordinal) => _types[ordinal].ToString();

    public override Type GetFieldType(int ordinal) => _types[ordinal] switch
    {
        DuckDBType.Boolean => typeof(bool),
        DuckDBType.TinyInt => typeof(sbyte),
        DuckDBType.SmallInt => typeof(short),
        DuckDBType.Integer => typeof(int),
        DuckDBType.BigInt => typeof(long),
        DuckDBType.UnsignedTinyInt => typeof(byte),
        DuckDBType.UnsignedSmallInt => typeof(ushort),
        DuckDBType.UnsignedInteger => typeof(uint),
        DuckDBType.UnsignedBigInt => typeof(ulong),
        DuckDBType.Float => typeof(float),
        DuckDBType.Double => typeof(double),
        DuckDBType.Varchar => typeof(string),
        DuckDBType.Date or DuckDBType.Timestamp or DuckDBType.TimestampTz or DuckDBType.TimestampS
            or DuckDBType.TimestampMs or DuckDBType.TimestampNs => typeof(DateTime),
        _ => typeof(object),
    };

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override bool NextResult() => false;

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        throw new NotSupportedException("The stand-in of DuckDB.NET reads no blobs.");

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        throw new NotSupportedException("The stand-in of DuckDB.NET reads no character streams; use GetString.");

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public override void Close()
    {
        if (!_closed)
        {
            _closed = true;
            NativeMethods.DestroyChunk(ref _chunk);
            NativeMethods.DestroyResult(ref _result);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Close();
        base.Dispose(disposing);
    }

    private T At<T>(int ordinal)
        where T : unmanaged => ((T*)_data[ordinal])[_row];
}
