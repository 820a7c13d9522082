using System.Runtime.InteropServices;

namespace DuckDB.NET.Data.Native;

/// <summary>duckdb_result: three counters that are no longer used and three pointers; some calls take it by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeResult
{
    private readonly ulong _columnCount;
    private readonly ulong _rowCount;
    private readonly ulong _rowsChanged;
    private readonly nint _columns;
    private readonly nint _errorMessage;
    private readonly nint _internalData;
}
