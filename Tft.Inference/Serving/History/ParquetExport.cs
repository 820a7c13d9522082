using System.Globalization;
using System.IO.Pipelines;
using DuckDB.NET.Data;
using Tft.Contract.Problems;
using Tft.Inference.Http;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Serving.History;

/// <summary>
/// GET /history/export?format=parquet: the rows of the CSV as the file <c>server_metrics.parquet</c> that <c>train</c> reads: timestamp (UTC), server_name,
/// profile, state, then the metrics as floats; NULL is a gap. The rows go through a temporary file of the data directory, so that memory stays small whatever the
/// fleet; one at a time, of at most <c>Tft:ExportMegabytes</c> (4096) of text. No file outlives its answer, and what a kill left is removed by the next export.
/// </summary>
internal sealed class ParquetExport(IConfiguration configuration)
{
    public const string FileName = "server_metrics.parquet";
    public const string ContentType = "application/vnd.apache.parquet";
    private const int RetryAfterSeconds = 10;

    private readonly string _folder = Path.Combine(DataDirectory.Resolve(configuration), "exports");
    private readonly long _most = ExportLimit.Bytes(configuration);
    private int _writing;

    /// <summary>Writes rows and answers with the file.</summary>
    /// <param name="columns">What follows the state in each row: metrics, all numbers.</param>
    /// <param name="write">Writes header and rows as CSV.</param>
    /// <param name="cancellation">The client's going away.</param>
    public async Task<IResult> AnswerAsync(IReadOnlyList<string> columns, Func<PipeWriter, CancellationToken, Task> write, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            return new ProblemResult(Problem.Of(ProblemCodes.RateLimited, StatusCodes.Status429TooManyRequests, "An export is being written",
                "One Parquet export is written at a time; try again in some seconds.") with { RetryAfterS = RetryAfterSeconds });
        }

        try
        {
            Directory.CreateDirectory(_folder);
            foreach (var left in Directory.EnumerateFiles(_folder, "*.csv"))
                File.Delete(left);
            var parquet = Path.Combine(_folder, $"{Guid.NewGuid():N}.parquet");
            await WriteAsync(parquet, columns, write, cancellation);
            // gone when the answer has ended, however it ends
            var result = new FileStream(parquet, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Delete | FileShare.Read, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
            return Results.Stream(result, ContentType, FileName);
        }
        catch (BoundedFile.FullException)
        {
            return new ProblemResult(Problem.Of(ProblemCodes.TooLarge, StatusCodes.Status413PayloadTooLarge, "The export is too large",
                string.Create(CultureInfo.InvariantCulture, $"It has more than {_most / ExportLimit.Megabyte} MB of text (Tft:ExportMegabytes). Ask for fewer servers (servers=a,b) or a shorter range (from=, to=).")));
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>Writes rows to a Parquet file, whole or not at all.</summary>
    /// <exception cref="BoundedFile.FullException">There are more than the disk may take.</exception>
    public async Task WriteAsync(string parquet, IReadOnlyList<string> columns, Func<PipeWriter, CancellationToken, Task> write, CancellationToken cancellation)
    {
        var csv = Path.ChangeExtension(parquet, ".csv");
        try
        {
            await using (var file = new BoundedFile(csv, _most))
            {
                var output = PipeWriter.Create(file);
                await write(output, cancellation);
                await output.CompleteAsync();
            }

            await Task.Run(() => Convert(csv, parquet, columns), cancellation);
        }
        catch
        {
            File.Delete(parquet);
            throw;
        }
        finally
        {
            File.Delete(csv);
        }
    }

    private static void Convert(string csv, string parquet, IReadOnlyList<string> columns)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET threads = 1; SET memory_limit = '512MB'; SET preserve_insertion_order = false;";
        command.ExecuteNonQuery();
        var typed = string.Join(", ", columns.Select(c => $"'{c}': 'FLOAT'"));
        command.CommandText =
            $"COPY (SELECT * FROM read_csv({Quoted(csv)}, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
            + $"columns = {{'timestamp': 'TIMESTAMP', 'server_name': 'VARCHAR', 'profile': 'VARCHAR', 'state': 'VARCHAR', {typed}}})) TO {Quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)";
        command.ExecuteNonQuery();
    }

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
