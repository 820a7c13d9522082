using System.Globalization;
using System.IO.Compression;

namespace Tft.Forecasting.Data;

/// <summary>
/// Reads one table of many servers: <c>server_metrics.csv.gz</c> (or .csv) with the columns <c>timestamp</c> (ISO 8601, UTC), <c>server_name</c>, then
/// optionally <c>profile</c> and <c>state</c>, then the metrics; rows in order of time. Rows are put on the five-minute grid; a server's missing rows and
/// empty cells are gaps.
/// </summary>
public static class FleetTableReader
{
    private const int StepSeconds = 300;
    private static readonly string[] s_names = ["server_metrics.csv.gz", "server_metrics.csv"];

    /// <summary>The path of such a table in a folder, or null.</summary>
    public static string? Find(string folder) => s_names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    /// <summary>All servers of a table, by name; the first <paramref name="fitShare"/> of the time is the fit part.</summary>
    /// <exception cref="InvalidDataException">The table is malformed; the text names file and line.</exception>
    public static IReadOnlyList<ServerSeries> Read(string path, double fitShare)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var text = new StreamReader(plain);
        var where = Path.GetFileName(path);
        var header = text.ReadLine()?.Split(',') ?? throw new InvalidDataException($"{where} is empty.");
        if (header.Length < 3 || header[0] != "timestamp" || header[1] != "server_name")
            throw new InvalidDataException($"{where}: the columns begin with '{string.Join(",", header.Take(2))}', expected 'timestamp,server_name'.");
        var first = 2 + header.Skip(2).TakeWhile(h => h is "profile" or "state").Count();
        var names = header[first..];
        var profile = Array.IndexOf(header, "profile", 0, first);
        var servers = new SortedDictionary<string, Columns>(StringComparer.Ordinal);
        long start = -1, last = -1;
        for (var number = 2; text.ReadLine() is { } line; number++)
        {
            var cells = line.Split(',');
            if (cells.Length != header.Length)
                throw new InvalidDataException($"{where}, line {number}: {cells.Length} cells, expected {header.Length}.");
            if (!DateTimeOffset.TryParse(cells[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                throw new InvalidDataException($"{where}, line {number}: timestamp is '{cells[0]}'.");
            var step = time.ToUnixTimeSeconds() / StepSeconds;
            start = start < 0 ? step : start;
            if (step < last)
                throw new InvalidDataException($"{where}, line {number}: {cells[0]} stands after a later row; rows ascend in time.");
            last = step;
            if (!servers.TryGetValue(cells[1], out var columns))
                servers.Add(cells[1], columns = new Columns(names.Length, profile < 0 ? null : cells[profile]));
            columns.Add((int)(step - start), cells.AsSpan(first), where, number, names);
        }

        if (servers.Count == 0)
            throw new InvalidDataException($"{where} has no row.");
        var steps = (int)(last - start + 1);
        return [.. servers.Select(s => new ServerSeries(s.Key, names, s.Value.Take(steps), start, (int)(steps * fitShare)) { Profile = s.Value.Profile })];
    }

    private sealed class Columns(int metrics, string? profile)
    {
        private readonly List<float>[] _values = [.. Enumerable.Range(0, metrics).Select(_ => new List<float>())];

        public string? Profile => profile;

        public void Add(int step, ReadOnlySpan<string> cells, string where, int line, string[] names)
        {
            if (_values[0].Count > step)
                throw new InvalidDataException($"{where}, line {line}: a second row of this server in the same five minutes.");
            Fill(step);
            for (var m = 0; m < cells.Length; m++)
            {
                var value = float.NaN;
                if (cells[m].Length > 0 && !float.TryParse(cells[m], NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                    throw new InvalidDataException($"{where}, line {line}: {names[m]} is '{cells[m]}', expected a number.");
                _values[m].Add(value);
            }
        }

        public float[][] Take(int steps)
        {
            Fill(steps);
            return [.. _values.Select(v => v.ToArray())];
        }

        private void Fill(int steps)
        {
            foreach (var column in _values)
            {
                while (column.Count < steps)
                    column.Add(float.NaN);
            }
        }
    }
}
