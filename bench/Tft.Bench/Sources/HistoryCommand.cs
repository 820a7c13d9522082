using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Tft.Bench.Ingest;
using Tft.Bench.Reporting;

namespace Tft.Bench.Sources;

/// <summary>`history`: what the first contact with Elasticsearch costs where the cluster averages, and where documents are read one by one.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Writes the figures to this file too.", HelpName = "FILE" };
        var servers = new Option<int>("--servers") { Description = "Size of the fleet, a document each every five seconds.", DefaultValueFactory = _ => 50 };
        var hours = new Option<int>("--hours") { Description = "Length of the history.", DefaultValueFactory = _ => 24 };
        var command = new Command("history", "Elasticsearch's history as means of the cluster and document by document.") { json, servers, hours };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = new BenchReport(Console.Out);
            foreach (var isMeans in (bool[])[true, false])
                await MeasureAsync(report, isMeans, parsed.GetValue(servers), parsed.GetValue(hours), cancellationToken);
            report.Save(parsed.GetValue(json));
        });
        return command;
    }

    private static async Task MeasureAsync(BenchReport report, bool isMeans, int servers, int hours, CancellationToken cancellationToken)
    {
        var answers = new ElasticAnswers(servers, hasKeyword: isMeans);
        await using var store = await StoreAnswers.StartAsync(answers.AnswerAsync);
        using var service = await ServiceProcess.StartAsync(new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Error" }, cancellationToken);
        var watch = Stopwatch.StartNew();
        using var adapter = new AdapterUnderTest(service.Port, ServiceProcess.Key, ["elasticsearch", "--store", store.Url, "--index-pattern", "metrics", "--preset", "tft", "--once"], hours);
        var processor = await adapter.EndAsync(cancellationToken);
        var name = $"history.elasticsearch.{(isMeans ? "means" : "documents")}";
        var note = string.Create(CultureInfo.InvariantCulture, $"{servers} servers every 5 s, {hours} h: {adapter.Records} records arrived");
        report.Add(new BenchResult($"{name}.requests", answers.Requests, "requests", Note: note));
        report.Add(new BenchResult($"{name}.bytes", answers.Bytes / 1e6, "MB of answers"));
        report.Add(new BenchResult($"{name}.time", watch.Elapsed.TotalSeconds, "s"));
        report.Add(new BenchResult($"{name}.cpu", processor, "s of the adapter"));
    }
}
