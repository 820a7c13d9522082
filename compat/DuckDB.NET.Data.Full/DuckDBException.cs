using System.Data.Common;
using System.Runtime.InteropServices;

namespace DuckDB.NET.Data;

/// <summary>What DuckDB said.</summary>
public class DuckDBException : DbException
{
    public DuckDBException()
    {
    }

    public DuckDBException(string message)
        : base(message)
    {
    }

    public DuckDBException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static unsafe DuckDBException From(byte* error, string otherwise) =>
        new(Marshal.PtrToStringUTF8((nint)error) is { Length: > 0 } text ? text : otherwise);
}
