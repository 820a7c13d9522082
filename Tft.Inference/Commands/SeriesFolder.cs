using Tft.Forecasting.Data;
using Tft.Inference.Commands.Parquet;

namespace Tft.Inference.Commands;

/// <summary>
/// What <c>train</c> and <c>evaluate</c> read: a folder with a table of all servers (server_metrics.csv.gz, .csv or .parquet), a folder of NAME.csv.gz, NAME.csv
/// or NAME.parquet, or one Parquet file.
/// </summary>
internal static class SeriesFolder
{
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds nothing to read, or something malformed.</exception>
    public static IReadOnlyList<ServerSeries> Read(string data, double fitShare, IReadOnlyCollection<string>? servers)
    {
        if (File.Exists(data))
        {
            return IsParquet(data)
                ? Chosen(ParquetSeries.Read(data, fitShare), data, servers)
                : throw new InvalidDataException($"'{data}' is no folder and no .parquet file.");
        }

        if (FleetTableReader.Find(data) is { } table)
            return Chosen(FleetTableReader.Read(table, fitShare), table, servers);
        if (Path.Combine(data, ParquetSeries.FleetTable) is var parquet && File.Exists(parquet))
            return Chosen(ParquetSeries.Read(parquet, fitShare), parquet, servers);
        var files = Directory.Exists(data) ? Directory.GetFiles(data).Where(IsParquet).Order(StringComparer.Ordinal).ToArray() : [];
        if (files.Length == 0)
            return SeriesReader.ReadFolder(data, servers);
        if (Directory.EnumerateFiles(data).Any(f => f.EndsWith(".csv", StringComparison.Ordinal) || f.EndsWith(".csv.gz", StringComparison.Ordinal)))
            throw new InvalidDataException($"The folder '{data}' holds series as Parquet and as CSV; only one kind is read.");
        var wanted = files.Where(f => servers is null || servers.Contains(Path.GetFileNameWithoutExtension(f)));
        return Chosen([.. wanted.SelectMany(f => ParquetSeries.Read(f, fitShare))], data, servers);
    }

    /// <summary>Names as given on the command line, separated by commas; null for all.</summary>
    public static IReadOnlyCollection<string>? Names(string? list) =>
        string.IsNullOrWhiteSpace(list) ? null : list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.Ordinal);

    private static IReadOnlyList<ServerSeries> Chosen(IReadOnlyList<ServerSeries> all, string where, IReadOnlyCollection<string>? servers)
    {
        if (servers is null)
            return all;
        var absent = servers.Except(all.Select(s => s.Name)).ToArray();
        return absent.Length == 0 ? [.. all.Where(s => servers.Contains(s.Name))] : throw new InvalidDataException($"'{where}' lacks {string.Join(", ", absent)}.");
    }
}
