using System.CommandLine;
using System.Globalization;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;
using Tft.Contract.Time;

namespace Tft.Bench.Serve;

/// <summary>`serve`: GET /predict over loopback, compressed as a dashboard asks for it, while the model forecasts and new snapshots come, the client on the same cores.</summary>
internal static class ServeCommand
{
    private const int Rounds = TimeGrid.WindowSteps + 1;
    private const int Batch = 1_000;

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Writes the figures to this file too.", HelpName = "FILE" };
        var seconds = new Option<int>("--seconds") { Description = "Measured seconds of each figure.", DefaultValueFactory = _ => 10 };
        var cores = new Option<int>("--cores") { Description = "Cores for service and client together.", DefaultValueFactory = _ => 2 };
        var command = new Command("serve", "GET /predict: latency of 20 and of 10,000 servers, and of an answer that the client has.") { json, seconds, cores };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Cores.Pin(parsed.GetValue(cores));
            var report = new BenchReport(Console.Out);
            var time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            await FleetAsync(report, 20, time, TimeSpan.FromSeconds(1), cancellationToken);
            await FleetAsync(report, 10_000, time, time / 3, cancellationToken);
            report.Save(parsed.GetValue(json));
        });
        return command;
    }

    /// <param name="report">Takes the figures.</param>
    /// <param name="servers">Size of the fleet.</param>
    /// <param name="time">Measured time.</param>
    /// <param name="every">How often all buckets close; the forecaster follows as fast as it can.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private static async Task FleetAsync(BenchReport report, int servers, TimeSpan time, TimeSpan every, CancellationToken cancellationToken)
    {
        using var service = await ServiceProcess.StartAsync(new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Error" }, cancellationToken);
        var names = Enumerable.Range(0, servers).Select(i => string.Create(CultureInfo.InvariantCulture, $"host{i:D5}")).ToArray();
        var start = DateTimeOffset.UtcNow.AddHours(-30).ToUnixTimeSeconds() / TimeGrid.StepSeconds * TimeGrid.StepSeconds;
        using var feed = new FeedConnection(service.Port, ServiceProcess.Key, names, Math.Min(Batch, servers), start, roundSeconds: TimeGrid.StepSeconds);
        var requestsPerRound = (servers + Batch - 1) / Batch;
        for (var i = 0; i < Rounds * requestsPerRound; i++)
            await feed.SendAsync(cancellationToken);

        using var client = new PredictClient(service.Port);
        await client.WaitAsync(servers, Rounds - 1, cancellationToken);
        var pages = await client.PagesAsync(cancellationToken);
        await client.MeasureAsync(pages, TimeSpan.FromSeconds(2), conditional: false, cancellationToken);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var snapshots = Task.Run(
            async () =>
            {
                using var pace = new PeriodicTimer(every);
                while (!stop.IsCancellationRequested)
                {
                    for (var i = 0; i < requestsPerRound; i++)
                        await feed.SendAsync(cancellationToken);
                    await pace.WaitForNextTickAsync(cancellationToken);
                }
            },
            cancellationToken);
        var measured = await client.MeasureAsync(pages, time, conditional: false, cancellationToken);
        report.Add(new BenchResult($"serve.predict.{servers}.p99", measured.Quantile(0.99), "ms", Note: string.Create(CultureInfo.InvariantCulture,
            $"p50 {measured.Quantile(0.5):0.00} ms, {measured.Count} answers of {measured.Bytes / measured.Count / 1024} kB compressed, {pages.Count} pages; a step of all closes every {every.TotalSeconds:0.#} s, forecast by the model")));
        await stop.CancelAsync();
        await snapshots;
        if (servers != 20)
            return;
        var unchanged = await client.MeasureAsync(pages, time, conditional: true, cancellationToken);
        report.Add(new BenchResult("serve.etag.304.p99", unchanged.Quantile(0.99), "ms", Note: string.Create(CultureInfo.InvariantCulture,
            $"p50 {unchanged.Quantile(0.5):0.00} ms, {unchanged.Count} answers")));
    }
}
