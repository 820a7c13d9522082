using System.Globalization;
using System.IO.Compression;

namespace Tft.Forecasting.Data;

/// <summary>
/// Reads servers from folders of NAME.csv.gz or NAME.csv. Columns: <c>t</c> (five-minute index), then optionally <c>split</c>, <c>fold</c>
/// (<c>fit</c> or <c>eval</c>; without it every step is of the fit part) and <c>label</c>, then the metrics. An empty cell or <c>nan</c> is a gap.
/// </summary>
public static class SeriesReader
{
    private static readonly string[] s_extensions = [".csv.gz", ".csv"];

    /// <summary>All servers of a folder, by name.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder holds no series, or one of them is malformed; the text names file and line.</exception>
    public static IReadOnlyList<ServerSeries> ReadFolder(string folder, IReadOnlyCollection<string>? names = null)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        var files = Directory.EnumerateFiles(folder)
            .Select(path => (Path: path, Name: NameOf(path)))
            .Where(f => f.Name is not null && (names is null || names.Contains(f.Name)))
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
            throw new InvalidDataException($"The folder '{folder}' holds no {(names is null ? "NAME.csv.gz or NAME.csv" : "series of the servers asked for")}.");
        if (names?.Except(files.Select(f => f.Name!)).ToArray() is { Length: > 0 } absent)
            throw new InvalidDataException($"The folder '{folder}' lacks {string.Join(", ", absent)}.");
        return [.. files.Select(f => Read(f.Path, f.Name!))];
    }

    /// <summary>One server.</summary>
    /// <exception cref="InvalidDataException">A header or a line is malformed; the text names file and line.</exception>
    public static ServerSeries Read(string path, string name)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var text = new StreamReader(plain);
        var where = Path.GetFileName(path);
        var header = text.ReadLine()?.Split(',') ?? throw new InvalidDataException($"{where} is empty.");
        if (header[0] != "t")
            throw new InvalidDataException($"{where}: the first column is '{header[0]}', expected 't'.");
        var fold = Array.IndexOf(header, "fold");
        var first = 1 + header.Skip(1).TakeWhile(h => h is "split" or "fold" or "label").Count();
        var metrics = header.Length - first;
        if (metrics == 0)
            throw new InvalidDataException($"{where} has no metric.");

        var columns = Enumerable.Range(0, metrics).Select(_ => new List<float>(16_384)).ToArray();
        long firstStep = 0, next = 0;
        var fit = 0;
        var number = 1;
        while (text.ReadLine() is { } line)
        {
            number++;
            var cells = line.Split(',');
            if (cells.Length != header.Length)
                throw new InvalidDataException($"{where}, line {number}: {cells.Length} cells, expected {header.Length}.");
            if (!long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var step))
                throw new InvalidDataException($"{where}, line {number}: t is '{cells[0]}', expected a non-negative integer.");
            if (number == 2)
                firstStep = next = step;
            if (step < next)
                throw new InvalidDataException($"{where}, line {number}: t is {step} after {next - 1}; steps ascend.");
            if (step - next > 100_000)
                throw new InvalidDataException($"{where}, line {number}: a gap of {step - next} steps.");
            for (; next < step; next++)
            {
                foreach (var column in columns)
                    column.Add(float.NaN);
            }

            next++;
            for (var m = 0; m < metrics; m++)
                columns[m].Add(Parse(cells[first + m], where, number, header[first + m]));
            if (fold < 0 || cells[fold] == "fit")
                fit = columns[0].Count;
        }

        return new ServerSeries(name, header[first..], [.. columns.Select(c => c.ToArray())], firstStep, fit);
    }

    private static float Parse(string cell, string where, int line, string metric)
    {
        if (cell.Length == 0 || cell.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return float.NaN;
        return float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw new InvalidDataException($"{where}, line {line}: {metric} is '{cell}', expected a finite number.");
    }

    private static string? NameOf(string path)
    {
        var file = Path.GetFileName(path);
        var extension = s_extensions.FirstOrDefault(e => file.EndsWith(e, StringComparison.Ordinal));
        return extension is null ? null : file[..^extension.Length];
    }
}
