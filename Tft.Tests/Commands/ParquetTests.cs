using DuckDB.NET.Data;
using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Training;
using Tft.Forecasting.Data;
using Tft.Inference.Commands;
using Tft.Inference.Commands.Validation;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Commands;

/// <summary>Parquet gives what the same table gives as CSV, and says what is wrong with it.</summary>
[Trait("Ring", "component")]
public sealed class ParquetTests : IDisposable
{
    private const long Now = 1_760_702_400 + 3600;
    private readonly TempFolder _folder = new();

    [Fact]
    public void Read_WhatSimulateWrites_IsTheSameFromParquetAsFromCsv()
    {
        TrainingSet.Write(_folder.File("csv"), new SimulatedFleetOptions(), DateTimeOffset.FromUnixTimeSeconds(Now), hours: 30);
        Directory.CreateDirectory(_folder.File("parquet"));
        File.Move(_folder.File("csv/server_metrics.parquet"), _folder.File("parquet/server_metrics.parquet"));

        var expected = SeriesFolder.Read(_folder.File("csv"), 0.7, null);
        var found = SeriesFolder.Read(_folder.File("parquet"), 0.7, null);

        AssertSame(expected, found);
        AssertSame([expected[3]], SeriesFolder.Read(_folder.File("parquet/server_metrics.parquet"), 0.7, [expected[3].Name]));
        var report = RecordFile.Validate(_folder.File("parquet/server_metrics.parquet"), Now);
        Assert.True(report.IsClean);
        Assert.Equal(expected.Sum(s => Enumerable.Range(0, s.Steps).Count(t => s.Values.Any(v => !float.IsNaN(v[t])))), report.Good);
    }

    [Fact]
    public void Read_NameParquet_IsTheSameAsNameCsv()
    {
        foreach (var seed in (int[])[21, 22])
            SeriesFiles.WriteCsv(_folder.File("csv"), SyntheticSeries.Create(seed, metrics: 2, days: 3, fitDays: 2, gaps: 0.1));
        Directory.CreateDirectory(_folder.File("parquet"));
        foreach (var name in (string[])["s21", "s22"])
            Sql($"COPY (SELECT * FROM read_csv('{_folder.File($"csv/{name}.csv")}') ORDER BY t DESC) TO '{_folder.File($"parquet/{name}.parquet")}' (FORMAT parquet)");

        AssertSame(SeriesFolder.Read(_folder.File("csv"), 0.7, null), SeriesFolder.Read(_folder.File("parquet"), 0.7, null));
        AssertSame(SeriesFolder.Read(_folder.File("csv"), 0.7, ["s22"]), SeriesFolder.Read(_folder.File("parquet"), 0.7, ["s22"]));
        Assert.Contains("lacks s9", Assert.Throws<InvalidDataException>(() => SeriesFolder.Read(_folder.File("parquet"), 0.7, ["s9"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1 AS cpu", "a.parquet: there is no column 'timestamp'; it has cpu.")]
    [InlineData("SELECT TIMESTAMP '2025-10-17' AS timestamp, 1 AS cpu", "a.parquet: there is no column 'server_name'")]
    [InlineData("SELECT 'yesterday' AS timestamp, 'a' AS server_name, 1 AS cpu", "a.parquet: column 'timestamp' is VARCHAR, expected a TIMESTAMP.")]
    [InlineData("SELECT TIMESTAMP '2025-10-17' AS timestamp, 'a' AS server_name, 'much' AS cpu", "a.parquet: column 'cpu' is VARCHAR, expected a number.")]
    [InlineData("SELECT TIMESTAMP '2025-10-17' AS timestamp, 'a' AS server_name", "a.parquet has no metric.")]
    [InlineData("SELECT TIMESTAMP '2025-10-17' AS timestamp, 'a' AS server_name, 1 AS cpu FROM range(2)", "a.parquet: a has two rows in step ")]
    [InlineData("SELECT TIMESTAMP '2025-10-17' AS timestamp, 'a' AS server_name, 'infinity'::FLOAT AS cpu", "a.parquet: cpu of a in step ")]
    [InlineData("SELECT TIMESTAMP '2025-10-17' AS timestamp, NULL::VARCHAR AS server_name, 1 AS cpu", "a.parquet: 1 of 1 rows have no timestamp or server_name.")]
    [InlineData("SELECT TIMESTAMP '2025-10-17' AS timestamp, 'a' AS server_name, 1 AS cpu WHERE false", "a.parquet has no row.")]
    [InlineData("SELECT 'now' AS t, 1 AS cpu", "a.parquet: column 't' is VARCHAR, expected an integer.")]
    public void Read_AFaultyTable_SaysWhatIsWrong(string select, string reason)
    {
        Sql($"COPY ({select}) TO '{_folder.File("a.parquet")}' (FORMAT parquet)");
        var error = Assert.Throws<InvalidDataException>(() => SeriesFolder.Read(_folder.Path, 0.7, null));
        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoParquetFile_SaysSo()
    {
        File.WriteAllText(_folder.File("a.parquet"), "PAR1 and nothing more");
        Assert.StartsWith("a.parquet cannot be read as Parquet: ", Assert.Throws<InvalidDataException>(() => SeriesFolder.Read(_folder.Path, 0.7, null)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => RecordFile.Validate(_folder.File("a.parquet"), Now));
        File.WriteAllText(_folder.File("b.csv"), "t,m\n");
        Assert.Contains("as Parquet and as CSV", Assert.Throws<InvalidDataException>(() => SeriesFolder.Read(_folder.Path, 0.7, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Parquet_NamesEveryFaultWithItsRow()
    {
        Sql($"""
            COPY (SELECT * FROM (VALUES
                (TIMESTAMP '2025-10-17 12:00:00', 'a', 5.0, 1), (NULL, 'a', 5.0, 1), (TIMESTAMP '2025-10-17 12:00:01.5', 'a', 150.0, 1), (TIMESTAMP '2025-10-17 12:00:02', 'a', 'NaN'::DOUBLE, 1))
                AS t(timestamp, server_name, cpu_user_pct, foo)) TO '{_folder.File("a.parquet")}' (FORMAT parquet)
            """);
        var report = RecordFile.Validate(_folder.File("a.parquet"), Now);
        var text = new StringWriter();
        report.Print(text, 100);
        foreach (var expected in (string[])["row 0: unknown_column: column 'foo'", "row 2: ", "row 3: out_of_range", "row 4: ", "4 records, 1 good, 3 refused"])
            Assert.Contains(expected, text.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertSame(IReadOnlyList<ServerSeries> expected, IReadOnlyList<ServerSeries> found)
    {
        Assert.Equal(expected.Select(s => (s.Name, s.FirstStep, s.FitSteps, s.Steps)), found.Select(s => (s.Name, s.FirstStep, s.FitSteps, s.Steps)));
        foreach (var (e, f) in expected.Zip(found))
        {
            Assert.Equal(e.MetricNames, f.MetricNames);
            Assert.Equal(e.Values, f.Values);
        }
    }

    private static void Sql(string text)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
