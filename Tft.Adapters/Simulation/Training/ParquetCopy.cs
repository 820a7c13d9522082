using DuckDB.NET.Data;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Simulation.Training;

/// <summary>The same rows as Parquet: floats, times in UTC, zstd.</summary>
internal static class ParquetCopy
{
    public static void Write(string csv, string parquet)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var metrics = string.Join(", ", MetricCatalog.All.Select(m => $"'{m.Name}': 'FLOAT'"));
        command.CommandText =
            $"COPY (SELECT * FROM read_csv({Quoted(csv)}, header = true, columns = {{'timestamp': 'TIMESTAMP', 'server_name': 'VARCHAR', 'profile': 'VARCHAR', 'state': 'VARCHAR', {metrics}}})) "
            + $"TO {Quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)";
        command.ExecuteNonQuery();
    }

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
