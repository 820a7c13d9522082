using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Tft.Bench.Reporting;
using Tft.Contract.Time;

namespace Tft.Bench.Ingest;

/// <summary>`ingest`: records a second through POST /feed over loopback, validation, journal and windows on, the generator on the same cores.</summary>
internal static class IngestCommand
{
    private const int DefaultServers = 8_000;
    private const int Batch = 1_000;
    private const int SmallBatch = 20;
    private const int Connections = 4;
    private const int BusyServers = 2_000;
    private const int BusyBatch = 100;
    private static readonly TimeSpan s_latencyWarmUp = TimeSpan.FromSeconds(6);

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Writes the figures to this file too.", HelpName = "FILE" };
        var seconds = new Option<int>("--seconds") { Description = "Measured seconds of each figure.", DefaultValueFactory = _ => 10 };
        var cores = new Option<int>("--cores") { Description = "Cores for service, journal and generator together.", DefaultValueFactory = _ => 2 };
        var servers = new Option<int>("--servers") { Description = "Servers of the throughput runs, a multiple of 4,000.", DefaultValueFactory = _ => DefaultServers };
        var only = new Option<string?>("--only") { Description = "One of embedded, redis, b20, stages.", HelpName = "NAME" };
        var command = new Command("ingest", "POST /feed: records a second, and the latency of small batches.") { json, seconds, cores, servers, only };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var used = Cores.Pin(parsed.GetValue(cores));
            var fleet = parsed.GetValue(servers);
            var report = new BenchReport(Console.Out);
            var time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            var wanted = parsed.GetValue(only);
            if (wanted is null or "embedded")
                await ThroughputAsync(report, "ingest.embedded.b1000", [], time, fleet, used, cancellationToken);
            if (wanted is null or "redis")
                await RedisAsync(report, time, fleet, used, cancellationToken);
            if (wanted is null or "b20")
                await LatencyAsync(report, time, cancellationToken);
            if (wanted is null or "stages")
                await Stages.RunAsync(report, fleet);
            report.Save(parsed.GetValue(json));
        });
        return command;
    }

    private static async Task RedisAsync(BenchReport report, TimeSpan time, int servers, int cores, CancellationToken cancellationToken)
    {
        using var redis = await RedisProcess.TryStartAsync(cancellationToken);
        if (redis is null)
        {
            Console.Error.WriteLine("ingest.redis.b1000: there is no redis-server on PATH");
            return;
        }

        await ThroughputAsync(report, "ingest.redis.b1000", new() { ["ConnectionStrings__redis"] = $"127.0.0.1:{redis.Port}" }, time, servers, cores, cancellationToken);
    }

    private static async Task ThroughputAsync(
        BenchReport report, string name, Dictionary<string, string> settings, TimeSpan time, int servers, int cores, CancellationToken cancellationToken)
    {
        using var service = await ServiceProcess.StartAsync(settings, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sent = 0L;
        var connections = Connect(service, servers, Batch, Connections, "host");
        var work = connections.Select(c => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await c.SendAsync(cancellationToken);
                    Interlocked.Add(ref sent, Batch);
                }
            },
            cancellationToken)).ToArray();

        // the compiler's tiers, the servers' first records
        await WaitAsync(TimeSpan.FromSeconds(6), work, cancellationToken);
        List<double> rates = [];
        var whole = Stopwatch.StartNew();
        var processor = service.ProcessorSeconds;
        while (whole.Elapsed < time)
        {
            var (before, watch) = (Interlocked.Read(ref sent), Stopwatch.StartNew());
            await WaitAsync(TimeSpan.FromSeconds(1), work, cancellationToken);
            rates.Add((Interlocked.Read(ref sent) - before) / watch.Elapsed.TotalSeconds);
        }

        var share = (service.ProcessorSeconds - processor) / whole.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(work);
        foreach (var connection in connections)
            connection.Dispose();
        report.Add(new BenchResult(name, Rate.Median(rates), "records/s", Note: string.Create(CultureInfo.InvariantCulture,
            $"{servers} servers, {Connections} connections, {cores} cores with the generator; the service used {share:0.00} of them and {service.ResidentGigabytes:0.0} GB")));
    }

    /// <summary>Batches of 20 at a steady pace, beside a fleet with a day behind it whose steps close faster than the model forecasts them: it is at work all the time.</summary>
    private static async Task LatencyAsync(BenchReport report, TimeSpan time, CancellationToken cancellationToken)
    {
        using var service = await ServiceProcess.StartAsync(new Dictionary<string, string>(), cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var steps = TimeGrid.WindowSteps + (int)(2 * (s_latencyWarmUp + time).TotalSeconds);
        var start = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - ((long)steps * TimeGrid.StepSeconds);
        using var background = new FeedConnection(service.Port, ServiceProcess.Key, Names("busy", BusyServers), BusyBatch, start, TimeGrid.StepSeconds);
        using var small = Connect(service, SmallBatch, SmallBatch, 1, "small").Single();
        for (var i = 0; i < TimeGrid.WindowSteps * BusyServers / BusyBatch; i++)
            await background.SendAsync(cancellationToken);
        var feed = Task.Run(
            async () =>
            {
                using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
                while (!stop.IsCancellationRequested)
                {
                    await background.SendAsync(cancellationToken);
                    await pace.WaitForNextTickAsync(cancellationToken);
                }
            },
            cancellationToken);

        List<double> latencies = [];
        var whole = Stopwatch.StartNew();
        var processor = 0.0;
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (whole.Elapsed < s_latencyWarmUp + time && await ticks.WaitForNextTickAsync(cancellationToken))
        {
            var one = Stopwatch.GetTimestamp();
            await small.SendAsync(cancellationToken);
            if (whole.Elapsed < s_latencyWarmUp)
                processor = service.ProcessorSeconds;
            else
                latencies.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
        }

        var share = (service.ProcessorSeconds - processor) / time.TotalSeconds;
        await stop.CancelAsync();
        await feed;
        latencies.Sort();
        report.Add(new BenchResult("ingest.b20.p99", latencies[(int)(latencies.Count * 0.99)], "ms", Note: string.Create(CultureInfo.InvariantCulture,
            $"p50 {latencies[latencies.Count / 2]:0.00} ms, of {latencies.Count}; beside batches of {BusyBatch} every 25 ms, of {BusyServers} servers that the model forecasts over and over; the service used {share:0.00} cores")));
    }

    private static FeedConnection[] Connect(ServiceProcess service, int servers, int batch, int connections, string prefix)
    {
        var names = Names(prefix, servers);
        var start = DateTimeOffset.UtcNow.AddHours(-20).ToUnixTimeSeconds();
        return [.. names.Chunk((servers + connections - 1) / connections).Select(part => new FeedConnection(service.Port, ServiceProcess.Key, part, Math.Min(batch, part.Length), start))];
    }

    private static string[] Names(string prefix, int servers) =>
        [.. Enumerable.Range(0, servers).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:D5}"))];

    private static async Task WaitAsync(TimeSpan time, Task[] work, CancellationToken cancellationToken)
    {
        var ended = await Task.WhenAny([Task.Delay(time, cancellationToken), .. work]);
        if (Array.IndexOf(work, ended) >= 0)
            await ended;
    }
}
