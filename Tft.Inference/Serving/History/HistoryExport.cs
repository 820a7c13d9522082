using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Tft.Contract.Metrics;
using Tft.Contract.Problems;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Http;
using Tft.Inference.LongHistory;
using Tft.Inference.Windows;

namespace Tft.Inference.Serving.History;

/// <summary>
/// GET /history/export?format=csv|parquet: the measured steps of the windows as records of the contract, one line a server and step, streamed. What it
/// gives as CSV, POST /feed and <c>validate</c> read; what it gives as Parquet, <c>train</c> does (<see cref="ParquetExport"/>). A range that begins before the
/// windows is answered from the weeks that are kept, too: their steps have no state. <c>lead=</c> adds what had been forecast for each step that long before:
/// <c>mem_used_pct_p10</c> and so on.
/// </summary>
internal static class HistoryExport
{
    private const int FlushBytes = 256 * 1024;
    private static readonly string[] s_edges = ["_p10", "_p50", "_p90"];

    public static void MapHistoryExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/history/export", ExportAsync).WithName("historyExport")
            .WithSummary("Measured steps as CSV or Parquet, of all servers or of those that servers= or server= name; lead= adds what had been forecast for them.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: ParquetExport.ContentType).ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> ExportAsync(HttpContext context, SnapshotStore snapshots, IFleetWindows windows, PastStore past, ForecastLog forecasts, ParquetExport parquet)
    {
        if (!HistoryQuery.TryParse(context.Request.Query, out var query, out var bad))
            return new ProblemResult(bad!);
        if (Fault(context.Request.Query, query) is { } fault)
            return new ProblemResult(fault);

        Task Write(PipeWriter output, CancellationToken cancellation) => WriteAsync(output, context.Request.Query, query, snapshots, windows, past, forecasts, cancellation);
        if (context.Request.Query["format"] == "parquet")
            return await parquet.AnswerAsync(ColumnsOf(query), Write, context.RequestAborted);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"tft-history.csv\"";
        await Write(context.Response.BodyWriter, context.RequestAborted);
        return Results.Empty;
    }

    internal static async Task WriteAsync(
        PipeWriter output, IQueryCollection parameters, HistoryQuery query, SnapshotStore snapshots, IFleetWindows windows, PastStore past, ForecastLog forecasts, CancellationToken cancellation)
    {
        var weeks = new PastRows(past, query);
        var names = NamesOf(parameters);
        Encoding.UTF8.GetBytes($"timestamp,server_name,profile,state,{string.Join(',', ColumnsOf(query))}\n", output);
        var values = new float[ForecastShape.WindowValues];
        var states = new ServerState[TimeGrid.WindowSteps];
        foreach (var server in snapshots.Current.Blocks.SelectMany(block => block.Servers).OfType<ServerSnapshot>())
        {
            if (names.Count > 0 && !names.Contains(server.Name))
                continue;
            var window = windows.Read(server.Number, values, states);
            var windowFrom = window.LastStep - window.KnownSteps + 1;
            weeks.Look(server.Name, windowFrom);
            var first = weeks.Steps > 0 ? weeks.First : Math.Max(windowFrom, query.From ?? windowFrom);
            var line = new Line(server, query, query.Leads is { Count: 1 } leads
                ? (leads[0], forecasts.Read(server.Name, first - TimeGrid.HorizonSteps, Math.Min(window.LastStep, query.To ?? window.LastStep)))
                : null);
            for (var i = 0; i < weeks.Steps; i++)
            {
                if (!weeks.TryRow(i, out var step, out var row))
                    continue;
                WriteRow(output, line, step, "", row);
                if (output.UnflushedBytes > FlushBytes)
                    await output.FlushAsync(cancellation);
            }

            WriteWindow(output, line, window, values, states);
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
        if (query.Leads is { Count: > 1 })
            return BadParameter.Of("lead", "an export has one lead, or none");
        return query.Every == 1 ? null : BadParameter.Of("step", "an export has the steps as they are, 300");
    }

    /// <summary>Those of <c>servers=a,b</c> and those of <c>server=</c>, whose names may hold a comma; none for all.</summary>
    private static HashSet<string> NamesOf(IQueryCollection parameters)
    {
        var names = parameters["servers"].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        names.UnionWith(parameters["server"].OfType<string>().Where(name => name.Length > 0));
        return names;
    }

    private static List<string> ColumnsOf(HistoryQuery query)
    {
        var metrics = MetricCatalog.All.Where(m => query.Metrics.Has(m.Id)).Select(m => m.Name).ToList();
        return query.Leads is { Count: 1 } ? [.. metrics, .. metrics.SelectMany(m => s_edges.Select(edge => m + edge))] : metrics;
    }

    private static void WriteWindow(PipeWriter output, Line line, WindowInfo window, ReadOnlySpan<float> values, ReadOnlySpan<ServerState> states)
    {
        var query = line.Query;
        var oldest = window.LastStep - window.KnownSteps + 1;
        for (var step = Math.Max(oldest, query.From ?? oldest); step <= Math.Min(window.LastStep, query.To ?? window.LastStep); step++)
        {
            var row = TimeGrid.WindowSteps - 1 - (int)(window.LastStep - step);
            if (states[row] != ServerState.Missing)
                WriteRow(output, line, step, states[row].Name(), values.Slice(row * ForecastShape.Metrics, ForecastShape.Metrics));
        }
    }

    private static void WriteRow(PipeWriter output, Line line, long step, string state, ReadOnlySpan<float> values)
    {
        // A profile that the contract does not know is left out: the reader takes it from the name.
        var profile = line.Server.Profile == ServerProfile.Unknown ? "" : line.Server.Profile.Name();
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{TimeGrid.StartOf(step).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{Quoted(line.Server.Name)},{profile},{state}"), output);
        var bytes = output.GetSpan((MetricCatalog.Count * (1 + ForecastShape.Quantiles) * 17) + 1);
        var at = 0;
        foreach (var metric in MetricCatalog.All)
        {
            if (line.Query.Metrics.Has(metric.Id))
                Write(values[(int)metric.Id], bytes, ref at);
        }

        if (line.Past is { } past)
        {
            foreach (var metric in MetricCatalog.All)
            {
                if (!line.Query.Metrics.Has(metric.Id))
                    continue;
                var band = past.Forecasts.TryGet(step, past.Lead, metric.Id, out var known) ? known : new PastBand(float.NaN, float.NaN, float.NaN, 0);
                Write(band.P10, bytes, ref at);
                Write(band.P50, bytes, ref at);
                Write(band.P90, bytes, ref at);
            }
        }

        bytes[at++] = (byte)'\n';
        output.Advance(at);
    }

    private static void Write(float value, Span<byte> bytes, ref int at)
    {
        bytes[at++] = (byte)',';
        if (!float.IsNaN(value) && Utf8Formatter.TryFormat(value, bytes[at..], out var written))
            at += written;
    }

    /// <summary>As RFC 4180 wants it where the name holds a comma, a quote or a line break.</summary>
    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What all lines of a server have.</summary>
    private sealed record Line(ServerSnapshot Server, HistoryQuery Query, (int Lead, KeptForecasts Forecasts)? Past);
}
