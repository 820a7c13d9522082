using Tft.Forecasting.Data;

namespace Tft.Inference.Commands;

/// <summary>What <c>train</c> and <c>evaluate</c> read: a folder of NAME.csv.gz, or one with a table server_metrics.csv.gz of all servers.</summary>
internal static class SeriesFolder
{
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds nothing to read, or something malformed.</exception>
    public static IReadOnlyList<ServerSeries> Read(string folder, double fitShare, IReadOnlyCollection<string>? servers)
    {
        if (FleetTableReader.Find(folder) is not { } table)
            return SeriesReader.ReadFolder(folder, servers);
        var all = FleetTableReader.Read(table, fitShare);
        if (servers is null)
            return all;
        var absent = servers.Except(all.Select(s => s.Name)).ToArray();
        return absent.Length == 0 ? [.. all.Where(s => servers.Contains(s.Name))] : throw new InvalidDataException($"'{table}' lacks {string.Join(", ", absent)}.");
    }

    /// <summary>Names as given on the command line, separated by commas; null for all.</summary>
    public static IReadOnlyCollection<string>? Names(string? list) =>
        string.IsNullOrWhiteSpace(list) ? null : list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
