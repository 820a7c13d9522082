using System.Globalization;
using Tft.Adapters.Sources.InfluxDb;
using Tft.Tests.Sources.InfluxDb;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>A real InfluxDB 1 with Telegraf's points; one value a second, so that each point is a record of its own.</summary>
internal sealed class InfluxUnderTest : SourceUnderTest
{
    private static readonly string[] s_used = ["cpu_user_pct", "mem_used_pct", "back_close_wait"];

    private InfluxServer? _server;

    public override string Adapter => "influxdb";

    public override int Port => _server!.Port;

    public override bool FollowsTheClock => true;

    public override int BytesUntilCut => 100_000;

    /// <summary>Of Telegraf's metrics only those that the rows have.</summary>
    public static IEnumerable<(string Key, string Value)> Metrics =>
        InfluxField.Telegraf.Select(f => f.Metric.Name).Except(s_used).Select(name => ($"Sources:influxdb:Metrics:{name}:measurement", ""));

    public override async Task StartAsync()
    {
        if (_server is null)
            _server = await InfluxServer.StartAsync();
        else
            await _server.StartAgainAsync();
    }

    public override Task StopAsync() => _server!.StopAsync();

    public override IEnumerable<(string Key, string Value)> Settings(int port) =>
    [
        ("Sources:influxdb:Url", $"http://127.0.0.1:{port}"),
        ("Sources:influxdb:Version", "1"),
        ("Sources:influxdb:Step", "1"),
        ("Sources:influxdb:Delay", "0"),
        .. Metrics,
    ];

    public override async Task AddAsync(IReadOnlyList<Sample> rows)
    {
        foreach (var chunk in rows.Chunk(5_000))
            await _server!.WriteAsync(string.Concat(chunk.Select(Lines)));
    }

    /// <summary>The store refuses another type for a field: what is left are fields and tags that are new, and points that lack some.</summary>
    public override async Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        Sample[] read = [rows[0] with { Cpu = null }, rows[1] with { Mem = null, CloseWait = null }, rows[2]];
        await _server!.WriteAsync(string.Concat(read.Select(Lines)) + string.Create(
            CultureInfo.InvariantCulture,
            $"cpu,host={rows[3].Server},cpu=cpu0 usage_user=99 {rows[3].Second}\ncpu,cpu=cpu-total usage_user=99 {rows[3].Second}\nmem,host={rows[3].Server} used_text=\"n/a\" {rows[3].Second}\n"));
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static string Lines(Sample row) => string.Concat(
        row.Cpu is null ? "" : string.Create(CultureInfo.InvariantCulture, $"cpu,host={row.Server},cpu=cpu-total usage_user={row.Cpu} {row.Second}\n"),
        row.Mem is null ? "" : string.Create(CultureInfo.InvariantCulture, $"mem,host={row.Server} used_percent={row.Mem} {row.Second}\n"),
        row.CloseWait is null ? "" : string.Create(CultureInfo.InvariantCulture, $"netstat,host={row.Server} tcp_close_wait={row.CloseWait}i {row.Second}\n"));
}
