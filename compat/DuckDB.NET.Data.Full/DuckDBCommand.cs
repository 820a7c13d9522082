using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DuckDB.NET.Data.Native;

namespace DuckDB.NET.Data;

/// <summary>SQL with parameters.</summary>
public class DuckDBCommand : DbCommand
{
    [AllowNull]
    public override string CommandText { get; set; } = "";

    public override int CommandTimeout { get; set; }

    public override CommandType CommandType { get; set; } = CommandType.Text;

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    public new DuckDBParameterCollection Parameters { get; } = [];

    protected override DbConnection? DbConnection { get; set; }

    protected override DbParameterCollection DbParameterCollection => Parameters;

    protected override DbTransaction? DbTransaction { get; set; }

    public override int ExecuteNonQuery()
    {
        var result = Execute();
        var changed = (int)NativeMethods.RowsChanged(ref result);
        NativeMethods.DestroyResult(ref result);
        return changed;
    }

    public override object? ExecuteScalar()
    {
        using var reader = ExecuteReader();
        return reader.Read() ? reader.GetValue(0) : null;
    }

    public new DuckDBDataReader ExecuteReader() => new(Execute());

    public override void Cancel()
    {
    }

    public override void Prepare()
    {
    }

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => ExecuteReader();

    protected override DbParameter CreateDbParameter() => new DuckDBParameter();

    private unsafe NativeResult Execute()
    {
        var connection = ((DuckDBConnection?)DbConnection ?? throw new InvalidOperationException("The command has no connection.")).Handle;
        if (Parameters.Count == 0)
        {
            var state = NativeMethods.Query(connection, CommandText, out var result);
            return Checked(state, result);
        }

        var prepared = NativeMethods.Prepare(connection, CommandText, out var statement);
        try
        {
            if (prepared != 0)
            {
                throw DuckDBException.From(NativeMethods.PrepareError(statement), "DuckDB can't prepare the statement.");
            }

            for (var i = 0; i < Parameters.Count; i++)
            {
                Bind(statement, (DuckDBParameter)((DbParameterCollection)Parameters)[i], (ulong)i + 1);
            }

            var state = NativeMethods.ExecutePrepared(statement, out var result);
            return Checked(state, result);
        }
        finally
        {
            NativeMethods.DestroyPrepare(ref statement);
        }
    }

    private static unsafe NativeResult Checked(int state, NativeResult result)
    {
        if (state == 0)
        {
            return result;
        }

        var error = DuckDBException.From(NativeMethods.ResultError(ref result), "DuckDB can't execute the statement.");
        NativeMethods.DestroyResult(ref result);
        throw error;
    }

    private static void Bind(nint statement, DuckDBParameter parameter, ulong index)
    {
        if (parameter.ParameterName.Length > 0
            && NativeMethods.BindParameterIndex(statement, out index, parameter.ParameterName.TrimStart('$')) != 0)
        {
            throw new DuckDBException($"The statement has no parameter '{parameter.ParameterName}'.");
        }

        var state = parameter.Value switch
        {
            null or DBNull => NativeMethods.BindNull(statement, index),
            bool value => NativeMethods.BindBoolean(statement, index, value),
            byte or short or int or long => NativeMethods.BindInt64(statement, index, Convert.ToInt64(parameter.Value, CultureInfo.InvariantCulture)),
            float or double => NativeMethods.BindDouble(statement, index, Convert.ToDouble(parameter.Value, CultureInfo.InvariantCulture)),
            DateTime value => NativeMethods.BindTimestamp(statement, index, Micros(value)),
            string value => NativeMethods.BindVarchar(statement, index, value),
            var other => throw new NotSupportedException($"The stand-in of DuckDB.NET binds no {other.GetType().Name}."),
        };
        if (state != 0)
        {
            throw new DuckDBException($"DuckDB refused parameter {index}.");
        }
    }

    internal static long Micros(DateTime value) => (value.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
