using System.Globalization;
using System.Text;
using Tft.Adapters.Simulation;
using Tft.Contract.Metrics;
using Tft.ServiceDefaults.Hosting;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.InfluxDb;

/// <summary>A real InfluxDB 1 on loopback with a database <c>telegraf</c>.</summary>
internal sealed class InfluxServer : IAsyncDisposable
{
    private const string Program = "influxd";

    private readonly string _program;
    private readonly TempFolder _folder;
    private readonly HttpClient _http = new();
    private RealServer? _server;

    private InfluxServer(string program, TempFolder folder, int port)
    {
        _program = program;
        _folder = folder;
        Port = port;
    }

    public static bool IsInstalled => ProgramPath.Find(Program) is not null;

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public static async Task<InfluxServer> StartAsync()
    {
        var program = SkipUnless.Program(Program);
        var folder = new TempFolder();
        var port = Ports.Free();
        await File.WriteAllTextAsync(folder.File("influxdb.conf"), $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{Ports.Free()}"
            [meta]
              dir = "{folder.File("meta")}"
            [data]
              dir = "{folder.File("data")}"
              wal-dir = "{folder.File("wal")}"
              index-version = "inmem"
            [monitor]
              store-enabled = false
            [http]
              bind-address = "127.0.0.1:{port}"
              log-enabled = false
            """);
        var influx = new InfluxServer(program, folder, port);
        await influx.StartAgainAsync();
        using var answer = await influx._http.PostAsync($"{influx.Url}/query?q=CREATE%20DATABASE%20telegraf", null);
        answer.EnsureSuccessStatusCode();
        return influx;
    }

    /// <summary>After <see cref="StopAsync"/>, with the same data and port.</summary>
    public async Task StartAgainAsync() => _server = await RealServer.StartAsync(_program, ["-config", _folder.File("influxdb.conf")], Url + "/ping");

    public async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>Points in line protocol, times in seconds.</summary>
    public async Task WriteAsync(string lines)
    {
        using var answer = await _http.PostAsync($"{Url}/write?db=telegraf&precision=s", new StringContent(lines)).DefaultTimeout();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A simulated fleet as Telegraf would have written it each minute: gauges, and counters of two interfaces and a bridge.</summary>
    public async Task WriteAsync(SimulatedFleet fleet, long from, long until)
    {
        var lines = new StringBuilder();
        foreach (var server in fleet.Servers)
        {
            var counter = 0L;
            for (var t = from; t < until; t += 60)
            {
                if (fleet.Sample(server, t) is not { } record || !record.Values.Has(Metric.CpuUser) || !record.Values.Has(Metric.BackCloseWait) || !record.Values.Has(Metric.MemUsed))
                    continue;
                counter += 60_000_000;
                lines.Append(CultureInfo.InvariantCulture, $"cpu,host={server.Name},cpu=cpu-total usage_user={record.Values.Get(Metric.CpuUser)} {t}\ncpu,host={server.Name},cpu=cpu0 usage_user=99 {t}\n");
                lines.Append(CultureInfo.InvariantCulture, $"mem,host={server.Name} used_percent={record.Values.Get(Metric.MemUsed)} {t}\nnetstat,host={server.Name} tcp_close_wait={record.Values.Get(Metric.BackCloseWait)}i {t}\n");
                foreach (var name in (string[])["eth0", "eth1", "docker0"])
                    lines.Append(CultureInfo.InvariantCulture, $"net,host={server.Name},interface={name} bytes_recv={counter}i {t}\n");
            }

            if (lines.Length > 1 << 20)
                await FlushAsync(lines);
        }

        await FlushAsync(lines);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await StopAsync();
        _folder.Dispose();
    }

    private async Task FlushAsync(StringBuilder lines)
    {
        await WriteAsync(lines.ToString());
        lines.Clear();
    }
}
