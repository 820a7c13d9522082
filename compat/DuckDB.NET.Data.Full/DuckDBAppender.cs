using System.Text;
using DuckDB.NET.Data.Native;

namespace DuckDB.NET.Data;

/// <summary>Appends rows to a table, much faster than INSERT. Rows are kept when it is closed or disposed.</summary>
public sealed unsafe class DuckDBAppender : IDuckDBAppenderRow, IDisposable
{
    private nint _appender;

    internal DuckDBAppender(nint connection, string? schema, string table)
    {
        if (NativeMethods.AppenderCreate(connection, schema, table, out _appender) != 0)
        {
            var error = DuckDBException.From(NativeMethods.AppenderError(_appender), $"DuckDB can't append to '{table}'.");
            _ = NativeMethods.AppenderDestroy(ref _appender);
            throw error;
        }
    }

    /// <summary>The next row: a value for each column, then <see cref="IDuckDBAppenderRow.EndRow"/>.</summary>
    public IDuckDBAppenderRow CreateRow() => this;

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendNullValue() => Done(NativeMethods.AppendNull(_appender));

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendValue(bool? value) =>
        Done(value is { } v ? NativeMethods.AppendBool(_appender, v) : NativeMethods.AppendNull(_appender));

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendValue(int? value) =>
        Done(value is { } v ? NativeMethods.AppendInt32(_appender, v) : NativeMethods.AppendNull(_appender));

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendValue(long? value) =>
        Done(value is { } v ? NativeMethods.AppendInt64(_appender, v) : NativeMethods.AppendNull(_appender));

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendValue(float? value) =>
        Done(value is { } v ? NativeMethods.AppendFloat(_appender, v) : NativeMethods.AppendNull(_appender));

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendValue(double? value) =>
        Done(value is { } v ? NativeMethods.AppendDouble(_appender, v) : NativeMethods.AppendNull(_appender));

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendValue(DateTime? value) =>
        Done(value is { } v ? NativeMethods.AppendTimestamp(_appender, DuckDBCommand.Micros(v)) : NativeMethods.AppendNull(_appender));

    IDuckDBAppenderRow IDuckDBAppenderRow.AppendValue(string? value)
    {
        if (value is null)
        {
            return Done(NativeMethods.AppendNull(_appender));
        }

        var bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* text = bytes)
        {
            return Done(NativeMethods.AppendVarchar(_appender, text, (ulong)bytes.Length));
        }
    }

    void IDuckDBAppenderRow.EndRow() => Done(NativeMethods.AppenderEndRow(_appender));

    public void Close()
    {
        if (_appender == 0)
        {
            return;
        }

        try
        {
            Done(NativeMethods.AppenderClose(_appender));
        }
        finally
        {
            _ = NativeMethods.AppenderDestroy(ref _appender);
        }
    }

    public void Dispose() => Close();

    private DuckDBAppender Done(int state) => state == 0
        ? this
        : throw DuckDBException.From(NativeMethods.AppenderError(_appender), "DuckDB refused the row.");
}
