using System.Data.Common;
using System.Globalization;
using Tft.Contract.Time;
using Tft.Forecasting.Data;

namespace Tft.Inference.Commands.Parquet;

/// <summary>
/// Series from Parquet, with the columns of the CSV files: one table of all servers (<c>timestamp</c>, <c>server_name</c>, optionally <c>profile</c> and
/// <c>state</c>, metrics), or one server (<c>t</c>, optionally <c>split</c>, <c>fold</c> and <c>label</c>, metrics). Rows may stand in any order; NULL and NaN are gaps.
/// </summary>
internal static class ParquetSeries
{
    /// <summary>The name of a table of all servers.</summary>
    public const string FleetTable = "server_metrics.parquet";

    private const long MaximumSteps = 2_000_000;

    /// <summary>The servers of a file: those of a table of all servers, or the one that gives the file its name.</summary>
    /// <exception cref="InvalidDataException">The file is malformed; the text names file, column and, where there is one, server and step.</exception>
    public static IReadOnlyList<ServerSeries> Read(string path, double fitShare)
    {
        using var file = new ParquetFile(path);
        return file.Has("t") && !file.Has("timestamp") ? [One(file, Path.GetFileNameWithoutExtension(path))] : Fleet(file, fitShare);
    }

    private static IReadOnlyList<ServerSeries> Fleet(ParquetFile file, double fitShare)
    {
        file.Require("timestamp", ParquetFile.IsTime, "a TIMESTAMP");
        file.Require("server_name", ParquetFile.IsText, "VARCHAR");
        var metrics = Metrics(file, "timestamp", "server_name", "profile", "state");
        var step = string.Create(CultureInfo.InvariantCulture, $"epoch_us(timestamp) // {TimeGrid.StepSeconds * 1_000_000L}");
        var (first, steps) = Span(file, step, "timestamp IS NULL OR server_name IS NULL", "timestamp or server_name");
        var fit = (int)(steps * fitShare);
        var servers = new SortedDictionary<string, Filling>(StringComparer.Ordinal);
        var (name, filling) = ("", (Filling?)null);
        foreach (var _ in file.Query($"SELECT CAST({step} AS BIGINT), CAST(server_name AS VARCHAR), {Values(metrics)} FROM {file.Table} ORDER BY 2, 1", row =>
        {
            if (filling is null || row.GetString(1) is var next && next != name)
                servers.Add(name = row.GetString(1), filling = new Filling(file.Name, name, metrics, steps));
            filling.Take(row, row.GetInt64(0) - first, first, 2);
            return 0;
        }))
        {
        }

        return [.. servers.Select(s => new ServerSeries(s.Key, metrics, s.Value.Values, first, fit))];
    }

    private static ServerSeries One(ParquetFile file, string name)
    {
        file.Require("t", ParquetFile.IsInteger, "an integer");
        var folded = file.Has("fold");
        if (folded)
            file.Require("fold", ParquetFile.IsText, "VARCHAR");
        var metrics = Metrics(file, "t", "split", "fold", "label");
        var (first, steps) = Span(file, "t", "t IS NULL", "t");
        if (first < 0)
            throw new InvalidDataException($"{file.Name}: t begins with {first}, expected a non-negative integer.");
        var filling = new Filling(file.Name, name, metrics, steps);
        var fit = folded ? 0 : steps;
        foreach (var end in file.Query(
            $"SELECT CAST(t AS BIGINT), {(folded ? "coalesce(CAST(fold AS VARCHAR), '')" : "''")}, {Values(metrics)} FROM {file.Table} ORDER BY 1",
            row => filling.Take(row, row.GetInt64(0) - first, first, 2) && row.GetString(1) == "fit" ? (int)(row.GetInt64(0) - first) + 1 : 0))
            fit = Math.Max(fit, end);
        return new ServerSeries(name, metrics, filling.Values, first, fit);
    }

    private static string[] Metrics(ParquetFile file, params string[] others)
    {
        string[] metrics = [.. file.Columns.Select(c => c.Name).Except(others)];
        foreach (var metric in metrics)
            file.Require(metric, ParquetFile.IsNumber, "a number");
        return metrics.Length > 0 ? metrics : throw new InvalidDataException($"{file.Name} has no metric.");
    }

    private static string Values(string[] metrics) => string.Join(", ", metrics.Select(m => $"CAST({ParquetFile.Quoted(m)} AS FLOAT)"));

    private static (long First, int Steps) Span(ParquetFile file, string step, string absent, string keys)
    {
        var (rows, nulls, first, last) = file.Query(
            $"SELECT count(*), count(*) FILTER ({absent}), coalesce(CAST(min({step}) AS BIGINT), 0), coalesce(CAST(max({step}) AS BIGINT), 0) FROM {file.Table}",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))).First();
        if (rows == 0)
            throw new InvalidDataException($"{file.Name} has no row.");
        if (nulls > 0)
            throw new InvalidDataException($"{file.Name}: {nulls} of {rows} rows have no {keys}.");
        return last - first < MaximumSteps
            ? (first, (int)(last - first + 1))
            : throw new InvalidDataException($"{file.Name}: from its first to its last row there are {last - first + 1} steps of five minutes; at most {MaximumSteps} are read.");
    }

    /// <summary>A server's values [metrics][steps], gaps until a row fills them.</summary>
    private sealed class Filling
    {
        private readonly string _file;
        private readonly string _server;
        private readonly string[] _metrics;
        private long _last = -1;

        public Filling(string file, string server, string[] metrics, int steps)
        {
            (_file, _server, _metrics) = (file, server, metrics);
            Values = [.. metrics.Select(_ => new float[steps])];
            foreach (var column in Values)
                Array.Fill(column, float.NaN);
        }

        public float[][] Values { get; }

        /// <summary>Takes a row whose metrics begin at a column; always true.</summary>
        public bool Take(DbDataReader row, long step, long first, int column)
        {
            if (step == _last)
                throw new InvalidDataException($"{_file}: {_server} has two rows in step {first + step}.");
            _last = step;
            for (var m = 0; m < Values.Length; m++)
            {
                if (row.IsDBNull(column + m))
                    continue;
                var value = row.GetFloat(column + m);
                Values[m][step] = !float.IsInfinity(value) ? value : throw new InvalidDataException($"{_file}: {_metrics[m]} of {_server} in step {first + step} is infinite.");
            }

            return true;
        }
    }
}
