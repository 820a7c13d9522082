using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;
using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.InfluxDb;
using Tft.Tests.Sources.PostgreSql;

namespace Tft.Bench.Sources;

/// <summary>
/// `sources`: the share of one core that an adapter needs for a fleet with a record of each server every five seconds. The service is real; PostgreSQL and InfluxDB
/// are where they are installed, the other stores are the bench's.
/// </summary>
internal static class SourcesCommand
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(20);

    private static readonly IReadOnlyDictionary<string, Func<Measurement, Task>> s_all = new Dictionary<string, Func<Measurement, Task>>(StringComparer.Ordinal)
    {
        ["simulator"] = m => m.RunAsync("--servers", m.Servers.ToString(CultureInfo.InvariantCulture)),
        ["files"] = FilesAsync,
        ["elasticsearch"] = ElasticsearchAsync,
        ["prometheus"] = PrometheusAsync,
        ["mongodb"] = MongoDbAsync,
        ["postgresql"] = PostgreSqlAsync,
        ["influxdb"] = InfluxDbAsync,
    };

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Writes the figures to this file too.", HelpName = "FILE" };
        var seconds = new Option<int>("--seconds") { Description = "Measured seconds of each figure.", DefaultValueFactory = _ => 60 };
        var servers = new Option<int>("--servers") { Description = "Size of the fleet.", DefaultValueFactory = _ => 1000 };
        var only = new Option<string?>("--only") { Description = $"One of {string.Join(", ", s_all.Keys)}.", HelpName = "NAME" };
        only.AcceptOnlyFromAmong([.. s_all.Keys]);
        var command = new Command("sources", "Adapters: share of a core at a record a server every five seconds.") { json, seconds, servers, only };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = new BenchReport(Console.Out);
            foreach (var (source, measure) in s_all.Where(s => parsed.GetValue(only) is not { } one || one == s.Key))
                await measure(new Measurement(report, source, parsed.GetValue(servers), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellationToken));
            report.Save(parsed.GetValue(json));
        });
        return command;
    }

    private static async Task FilesAsync(Measurement measurement)
    {
        using var folder = new TempFolder();
        var path = folder.File("metrics.jsonl");
        await using var file = await FedStore.StartAsync("files", measurement.Servers, ("Path", path));
        await measurement.RunAsync("--path", path);
    }

    private static async Task ElasticsearchAsync(Measurement measurement)
    {
        await using var store = await StoreAnswers.StartAsync(new ElasticAnswers(measurement.Servers).AnswerAsync);
        await measurement.RunAsync("--store", store.Url, "--index-pattern", "metrics", "--preset", "tft");
    }

    private static async Task PrometheusAsync(Measurement measurement)
    {
        await using var store = await StoreAnswers.StartAsync(context => StoreAnswers.PrometheusAsync(context, measurement.Servers));
        await measurement.RunAsync("--store", store.Url, "--step", "5");
    }

    private static async Task MongoDbAsync(Measurement measurement)
    {
        await using var store = await MongoAnswers.StartAsync(measurement.Servers);
        await measurement.RunAsync("--uri", store.Url);
    }

    private static async Task PostgreSqlAsync(Measurement measurement)
    {
        if (!PostgresServer.IsInstalled)
        {
            measurement.Skip("PostgreSQL's server programs are not installed");
            return;
        }

        await using var server = await PostgresServer.StartAsync();
        await using var store = await FedStore.StartAsync("postgresql", measurement.Servers, ("Connection", server.Connection));
        await measurement.RunAsync("--connection", server.Connection);
    }

    private static async Task InfluxDbAsync(Measurement measurement)
    {
        if (!InfluxServer.IsInstalled)
        {
            measurement.Skip("influxd (InfluxDB 1) is not on PATH");
            return;
        }

        await using var server = await InfluxServer.StartAsync();
        await using var store = await FedStore.StartAsync("influxdb", measurement.Servers, ("Url", server.Url), ("Version", "1"));
        await measurement.RunAsync("--store", server.Url, "--version-of-store", "1", "--step", "5");
    }

    private sealed record Measurement(BenchReport Report, string Source, int Servers, TimeSpan Time, CancellationToken CancellationToken)
    {
        public void Skip(string reason) => Console.WriteLine($"sources.{Source} is left out: {reason}");

        /// <param name="arguments">Of the adapter's command.</param>
        public async Task RunAsync(params string[] arguments)
        {
            using var service = await ServiceProcess.StartAsync(new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Error" }, CancellationToken);
            using var adapter = new AdapterUnderTest(service.Port, ServiceProcess.Key, [Source, .. arguments]);
            await Task.Delay(s_warmUp, CancellationToken);
            var (records, processor, watch) = (adapter.Records, adapter.ProcessorSeconds, Stopwatch.StartNew());
            await Task.Delay(Time, CancellationToken);
            var elapsed = watch.Elapsed.TotalSeconds;
            var rate = (adapter.Records - records) / elapsed;
            Report.Add(new BenchResult($"sources.{Source}.cpu_share", (adapter.ProcessorSeconds - processor) / elapsed, "of one core", Note: string.Create(
                CultureInfo.InvariantCulture, $"{Servers} servers every 5 s: {rate:0} records/s arrived of {Servers / 5.0:0}")));
        }
    }
}
