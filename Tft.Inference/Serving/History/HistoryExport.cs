using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Http;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.History;

/// <summary>
/// GET /history/export?format=csv|parquet: the measured steps of the windows as records of the contract, one line a server and step, streamed. What it
/// gives as CSV, POST /feed and <c>validate</c> read; what it gives as Parquet, <c>train</c> does (<see cref="ParquetExport"/>). A range that begins before the
/// windows is answered from the weeks that are kept, too: their steps have no state.
/// </summary>
internal static class HistoryExport
{
    private const int FlushBytes = 256 * 1024;

    public static void MapHistoryExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/history/export", ExportAsync).WithName("historyExport")
            .WithSummary("Measured steps as CSV or Parquet: of all servers, or of those that servers= names.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: ParquetExport.ContentType).ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> ExportAsync(HttpContext context, SnapshotStore snapshots, IFleetWindows windows, PastStore past, ParquetExport parquet)
    {
        if (!HistoryQuery.TryParse(context.Request.Query, out var query, out var bad))
            return new ProblemResult(bad!);
        if (Fault(context.Request.Query, query) is { } fault)
            return new ProblemResult(fault);

        Task Write(PipeWriter output, CancellationToken cancellation) => WriteAsync(output, context.Request.Query, query, snapshots, windows, past, cancellation);
        if (context.Request.Query["format"] == "parquet")
            return await parquet.AnswerAsync([.. MetricCatalog.All.Where(m => query.Metrics.Has(m.Id))], Write, context.RequestAborted);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"tft-history.csv\"";
        await Write(context.Response.BodyWriter, context.RequestAborted);
        return Results.Empty;
    }

    internal static async Task WriteAsync(
        PipeWriter output, IQueryCollection parameters, HistoryQuery query, SnapshotStore snapshots, IFleetWindows windows, PastStore past, CancellationToken cancellation)
    {
        var weeks = new PastRows(past, query);
        var names = parameters["servers"].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        WriteHeader(output, query);
        var values = new float[ForecastShape.WindowValues];
        var states = new ServerState[TimeGrid.WindowSteps];
        foreach (var server in snapshots.Current.Blocks.SelectMany(block => block.Servers).OfType<ServerSnapshot>())
        {
            if (names.Count > 0 && !names.Contains(server.Name))
                continue;
            var window = windows.Read(server.Number, values, states);
            weeks.Look(server.Name, window.LastStep - window.KnownSteps + 1);
            for (var i = 0; i < weeks.Steps; i++)
            {
                if (!weeks.TryRow(i, out var step, out var row))
                    continue;
                WriteRow(output, server, step, "", row, query);
                if (output.UnflushedBytes > FlushBytes)
                    await output.FlushAsync(cancellation);
            }

            WriteWindow(output, server, query, window, values, states);
            if (output.UnflushedBytes > FlushBytes)
                await output.FlushAsync(cancellation);
        }

        await output.FlushAsync(cancellation);
    }

    private static Problem? Fault(IQueryCollection parameters, HistoryQuery query)
    {
        var format = parameters["format"].ToString();
        if (format is not ("" or "csv" or "parquet"))
            return BadParameter.Of("format", $"'{format}' is not offered; csv and parquet are");
        return query.Every == 1 ? null : BadParameter.Of("step", "an export has the steps as they are, 300");
    }

    private static void WriteHeader(PipeWriter output, HistoryQuery query)
    {
        var names = MetricCatalog.All.Where(m => query.Metrics.Has(m.Id)).Select(m => m.Name);
        Encoding.UTF8.GetBytes($"timestamp,server_name,profile,state,{string.Join(',', names)}\n", output);
    }

    private static void WriteWindow(
        PipeWriter output, ServerSnapshot server, HistoryQuery query, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<ServerState> states)
    {
        var oldest = window.LastStep - window.KnownSteps + 1;
        for (var step = Math.Max(oldest, query.From ?? oldest); step <= Math.Min(window.LastStep, query.To ?? window.LastStep); step++)
        {
            var row = TimeGrid.WindowSteps - 1 - (int)(window.LastStep - step);
            if (states[row] != ServerState.Missing)
                WriteRow(output, server, step, states[row].Name(), values.Slice(row * ForecastShape.Metrics, ForecastShape.Metrics), query);
        }
    }

    private static void WriteRow(PipeWriter output, ServerSnapshot server, long step, string state, ReadOnlySpan<float> values, HistoryQuery query)
    {
        // A profile that the contract does not know is left out: the reader takes it from the name.
        var profile = server.Profile == ServerProfile.Unknown ? "" : server.Profile.Name();
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{TimeGrid.StartOf(step).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{Quoted(server.Name)},{profile},{state}"), output);
        WriteValues(output, values, query);
    }

    private static void WriteValues(PipeWriter output, ReadOnlySpan<float> values, HistoryQuery query)
    {
        var line = output.GetSpan((MetricCatalog.Count * 17) + 1);
        var at = 0;
        foreach (var metric in MetricCatalog.All)
        {
            if (!query.Metrics.Has(metric.Id))
                continue;
            line[at++] = (byte)',';
            var value = values[(int)metric.Id];
            if (!float.IsNaN(value) && Utf8Formatter.TryFormat(value, line[at..], out var written))
                at += written;
        }

        line[at++] = (byte)'\n';
        output.Advance(at);
    }

    /// <summary>As RFC 4180 wants it where the name holds a comma, a quote or a line break.</summary>
    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
