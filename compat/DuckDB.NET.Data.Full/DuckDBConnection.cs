using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data.Native;

namespace DuckDB.NET.Data;

/// <summary>A connection with a database of its own: in memory (<c>DataSource=:memory:</c>) or a file.</summary>
public class DuckDBConnection : DbConnection
{
    private nint _database;
    private nint _connection;

    public DuckDBConnection(string connectionString) => ConnectionString = connectionString;

    [AllowNull]
    public override string ConnectionString { get; set; }

    public override string Database => DataSource;

    public override string DataSource =>
        new DbConnectionStringBuilder { ConnectionString = ConnectionString }.TryGetValue("DataSource", out var path) ? (string)path
        : new DbConnectionStringBuilder { ConnectionString = ConnectionString }.TryGetValue("Data Source", out path) ? (string)path
        : ":memory:";

    public override string ServerVersion => "";

    public override ConnectionState State => _connection == 0 ? ConnectionState.Closed : ConnectionState.Open;

    internal nint Handle => _connection != 0 ? _connection : throw new InvalidOperationException("The connection is not open.");

    public override unsafe void Open()
    {
        if (_connection != 0)
        {
            throw new InvalidOperationException("The connection is already open.");
        }

        var path = DataSource is ":memory:" or "" ? null : DataSource;
        if (NativeMethods.Open(path, out _database, 0, out var error) != 0)
        {
            throw DuckDBException.From(error, $"DuckDB can't open '{DataSource}'.");
        }

        if (NativeMethods.Connect(_database, out _connection) != 0)
        {
            NativeMethods.Close(ref _database);
            throw new DuckDBException($"DuckDB can't connect to '{DataSource}'.");
        }
    }

    public override void Close()
    {
        if (_connection != 0)
        {
            NativeMethods.Disconnect(ref _connection);
            NativeMethods.Close(ref _database);
        }
    }

    public new DuckDBCommand CreateCommand() => new() { Connection = this };

    public DuckDBAppender CreateAppender(string table) => CreateAppender(null, table);

    public DuckDBAppender CreateAppender(string? schema, string table) => new(Handle, schema, table);

    public override void ChangeDatabase(string databaseName) =>
        throw new NotSupportedException("The stand-in of DuckDB.NET does not change databases; open another connection.");

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        throw new NotSupportedException("The stand-in of DuckDB.NET has no transaction objects; execute BEGIN and COMMIT.");

    protected override DbCommand CreateDbCommand() => CreateCommand();

    protected override void Dispose(bool disposing)
    {
        Close();
        base.Dispose(disposing);
    }
}
