using System.Data.Common;
using DuckDB.NET.Data;

namespace Tft.Inference.Commands.Parquet;

/// <summary>A Parquet file that is read by SQL over its columns.</summary>
internal sealed class ParquetFile : IDisposable
{
    private static readonly string[] s_numbers =
        ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE"];

    private readonly DuckDBConnection _connection;
    private readonly string _path;

    /// <exception cref="InvalidDataException">It is no Parquet file; the text says why.</exception>
    public ParquetFile(string path)
    {
        (_path, Name) = (path, Path.GetFileName(path));
        _connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            _connection.Open();
            Columns = [.. Query($"DESCRIBE SELECT * FROM {Table}", row => (row.GetString(0), row.GetString(1)))];
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The file's name, for texts.</summary>
    public string Name { get; }

    /// <summary>Names and SQL types of the columns, in the file's order.</summary>
    public IReadOnlyList<(string Name, string Type)> Columns { get; }

    /// <summary>What a query selects from.</summary>
    public string Table => $"read_parquet('{_path.Replace("'", "''", StringComparison.Ordinal)}')";

    /// <summary>A column's name as SQL wants it.</summary>
    public static string Quoted(string column) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static bool IsNumber(string type) => s_numbers.Contains(type) || type.StartsWith("DECIMAL", StringComparison.Ordinal);

    public static bool IsInteger(string type) => type is not ("FLOAT" or "DOUBLE") && s_numbers.Contains(type);

    public static bool IsTime(string type) => type.StartsWith("TIMESTAMP", StringComparison.Ordinal);

    public static bool IsText(string type) => type == "VARCHAR" || type.StartsWith("ENUM", StringComparison.Ordinal);

    /// <summary>Whether the file has a column.</summary>
    public bool Has(string column) => Columns.Any(c => c.Name == column);

    /// <summary>Refuses a file that lacks a column, or has another type there.</summary>
    /// <exception cref="InvalidDataException">The text names file, column and type.</exception>
    public void Require(string column, Func<string, bool> allowed, string expected)
    {
        var found = Columns.FirstOrDefault(c => c.Name == column);
        if (found.Name is null)
            throw new InvalidDataException($"{Name}: there is no column '{column}'; it has {string.Join(", ", Columns.Select(c => c.Name))}.");
        if (!allowed(found.Type))
            throw new InvalidDataException($"{Name}: column '{column}' is {found.Type}, expected {expected}.");
    }

    /// <summary>The rows of a query, one by one.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read; the text says why.</exception>
    public IEnumerable<T> Query<T>(string sql, Func<DbDataReader, T> take)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var rows = Guarded(command.ExecuteReader);
        while (Guarded(rows.Read))
            yield return take(rows);
    }

    public void Dispose() => _connection.Dispose();

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DuckDBException e)
        {
            throw new InvalidDataException($"{Name} cannot be read as Parquet: {e.Message}", e);
        }
    }
}
