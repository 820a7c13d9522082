using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;

namespace Tft.Bench.Sources;

/// <summary>`sources`: the share of one core that an adapter needs for a fleet with a record of each server every five seconds, the service real, the stores the bench's.</summary>
internal static class SourcesCommand
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Writes the figures to this file too.", HelpName = "FILE" };
        var seconds = new Option<int>("--seconds") { Description = "Measured seconds of each figure.", DefaultValueFactory = _ => 60 };
        var servers = new Option<int>("--servers") { Description = "Size of the fleet.", DefaultValueFactory = _ => 1000 };
        var only = new Option<string?>("--only") { Description = "One of simulator, files, elasticsearch, prometheus, mongodb.", HelpName = "NAME" };
        var command = new Command("sources", "Adapters: share of a core at a record a server every five seconds.") { json, seconds, servers, only };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = new BenchReport(Console.Out);
            var count = parsed.GetValue(servers);
            var time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            var number = count.ToString(CultureInfo.InvariantCulture);
            bool Wanted(string source) => parsed.GetValue(only) is not { } one || one == source;
            if (Wanted("simulator"))
                await MeasureAsync(report, "simulator", count, time, ["simulator", "--servers", number], cancellationToken);
            if (Wanted("files"))
                await FilesAsync(report, count, time, cancellationToken);
            await using var stores = await StoreAnswers.StartAsync(count, ServiceProcess.FreePort());
            if (Wanted("elasticsearch"))
                await MeasureAsync(report, "elasticsearch", count, time, ["elasticsearch", "--store", stores.Url, "--index-pattern", "metrics", "--preset", "tft"], cancellationToken);
            if (Wanted("prometheus"))
                await MeasureAsync(report, "prometheus", count, time, ["prometheus", "--store", stores.Url, "--step", "5"], cancellationToken);
            if (Wanted("mongodb"))
            {
                await using var mongo = await MongoAnswers.StartAsync(count);
                await MeasureAsync(report, "mongodb", count, time, ["mongodb", "--uri", mongo.Url], cancellationToken);
            }

            report.Save(parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>All servers' lines every five seconds, appended as a collector would.</summary>
    private static async Task FilesAsync(BenchReport report, int servers, TimeSpan time, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("tft-bench-files-");
        var path = Path.Combine(folder.FullName, "metrics.jsonl");
        await File.WriteAllTextAsync(path, "", cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = Task.Run(
            async () =>
            {
                using var pace = new PeriodicTimer(TimeSpan.FromSeconds(5));
                do
                {
                    var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 5 * 5;
                    await File.AppendAllLinesAsync(path, Enumerable.Range(0, servers).Select(s => StoreAnswers.Document(s, now)), stop.Token);
                }
                while (await pace.WaitForNextTickAsync(stop.Token));
            },
            stop.Token);
        await MeasureAsync(report, "files", servers, time, ["files", "--path", path], cancellationToken);
        await stop.CancelAsync();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        folder.Delete(recursive: true);
    }

    private static async Task MeasureAsync(BenchReport report, string source, int servers, TimeSpan time, string[] arguments, CancellationToken cancellationToken)
    {
        using var service = await ServiceProcess.StartAsync(new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Error" }, cancellationToken);
        using var adapter = new AdapterUnderTest(service.Port, ServiceProcess.Key, arguments);
        await Task.Delay(s_warmUp, cancellationToken);
        var (records, processor, watch) = (adapter.Records, adapter.ProcessorSeconds, Stopwatch.StartNew());
        await Task.Delay(time, cancellationToken);
        var elapsed = watch.Elapsed.TotalSeconds;
        var rate = (adapter.Records - records) / elapsed;
        report.Add(new BenchResult($"sources.{source}.cpu_share", (adapter.ProcessorSeconds - processor) / elapsed, "of one core", Note: string.Create(
            CultureInfo.InvariantCulture, $"{servers} servers every 5 s: {rate:0} records/s arrived of {servers / 5.0:0}")));
    }
}
