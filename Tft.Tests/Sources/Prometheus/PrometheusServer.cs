using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tft.Adapters.Simulation;
using Tft.Contract.Metrics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Prometheus;

/// <summary>A real Prometheus, optionally with a past and with a target to scrape.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _program;
    private readonly TempFolder _folder;
    private readonly bool _takesRemoteWrite;
    private RealServer? _server;

    private PrometheusServer(string program, TempFolder folder, bool takesRemoteWrite)
    {
        _program = program;
        _folder = folder;
        _takesRemoteWrite = takesRemoteWrite;
    }

    public int Port { get; } = Ports.Free();

    public string Url => $"http://127.0.0.1:{Port}";

    /// <param name="openMetrics">A past, in OpenMetrics' text.</param>
    /// <param name="target">host:port to scrape each second.</param>
    /// <param name="takesRemoteWrite">With its receiver of remote writes.</param>
    public static async Task<PrometheusServer> StartAsync(string? openMetrics = null, string? target = null, bool takesRemoteWrite = false)
    {
        var program = SkipUnless.Program("prometheus");
        var folder = new TempFolder();
        var data = folder.File("data");
        if (openMetrics is not null)
        {
            await File.WriteAllTextAsync(folder.File("past.txt"), openMetrics);
            using var tool = Process.Start(new ProcessStartInfo(SkipUnless.Program("promtool"), ["tsdb", "create-blocks-from", "openmetrics", folder.File("past.txt"), data]) { RedirectStandardOutput = true })!;
            await tool.StandardOutput.ReadToEndAsync().DefaultTimeout();
            await tool.WaitForExitAsync().DefaultTimeout();
            Assert.Equal(0, tool.ExitCode);
        }

        var scrape = target is null ? "" : $"scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['{target}']\n";
        await File.WriteAllTextAsync(folder.File("prometheus.yml"), $"global:\n  scrape_interval: 1s\n{scrape}");
        var server = new PrometheusServer(program, folder, takesRemoteWrite);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>After <see cref="StopAsync"/>, with the same data and port.</summary>
    public async Task StartAgainAsync() => _server = await RealServer.StartAsync(
        _program,
        [
            $"--config.file={_folder.File("prometheus.yml")}", $"--storage.tsdb.path={_folder.File("data")}", $"--web.listen-address={Url[7..]}",
            "--storage.tsdb.retention.time=1000d", .. _takesRemoteWrite ? ["--web.enable-remote-write-receiver"] : Array.Empty<string>(),
        ],
        Url + "/-/ready");

    public async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>A simulated fleet's past, one sample a minute, as gauges named after the contract's fields.</summary>
    public static string Past(SimulatedFleet fleet, Metric[] metrics, long from, long until)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics.Select(MetricCatalog.Get))
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {metric.Name} gauge\n");
            foreach (var server in fleet.Servers)
            {
                for (var t = from; t < until; t += 60)
                {
                    if (fleet.Sample(server, t) is { } record && record.Values.Has(metric.Id))
                        text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{{instance=\"{server.Name}:9100\"}} {record.Values.Get(metric.Id)} {t}\n");
                }
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
