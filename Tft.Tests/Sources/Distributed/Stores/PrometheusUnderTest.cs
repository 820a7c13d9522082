using Tft.Tests.Sources.Prometheus;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>
/// A real Prometheus that is written to. Its queries give a series' last value for five minutes: so after its last row a series ends, and each
/// second of the grid has the value of that second's row or none.
/// </summary>
internal sealed class PrometheusUnderTest : SourceUnderTest
{
    private readonly HttpClient _http = new();
    private PrometheusServer? _server;
    private bool _hasDay;

    public override string Adapter => "prometheus";

    public override int Port => _server!.Port;

    public override bool FollowsTheClock => true;

    /// <summary>What is there already, and what is older than a series' newest sample, the store refuses by itself.</summary>
    public override bool KeepsDuplicates => false;

    public override bool TakesLateRows => false;

    public override int BytesUntilCut => 150_000;

    public override async Task StartAsync()
    {
        if (_server is null)
            _server = await PrometheusServer.StartAsync(takesRemoteWrite: true);
        else
            await _server.StartAgainAsync();
    }

    public override Task StopAsync() => _server!.StopAsync();

    public override IEnumerable<(string Key, string Value)> Settings(int port) =>
    [
        ("Sources:prometheus:Url", $"http://127.0.0.1:{port}"),
        ("Sources:prometheus:Preset", "none"),
        ("Sources:prometheus:Queries:cpu_user_pct", "cpu"),
        ("Sources:prometheus:Queries:mem_used_pct", "mem"),
        ("Sources:prometheus:Queries:back_close_wait", "wait"),
        ("Sources:prometheus:Step", "1"),
        ("Sources:prometheus:Delay", "0"),
    ];

    public override async Task AddAsync(IReadOnlyList<Sample> rows)
    {
        foreach (var chunk in rows.Chunk(3_000))
        {
            var request = new RemoteWrite();
            foreach (var row in chunk)
                Add(request, row);
            await request.SendAsync(_http, _server!.Url);
        }

        await EndAsync(rows);
    }

    /// <summary>Values that are none or out of their range, and a series that names no server.</summary>
    public override async Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        var request = new RemoteWrite();
        Add(request, rows[0] with { Cpu = double.NaN });
        Add(request, rows[1] with { Mem = double.PositiveInfinity });
        Add(request, rows[2] with { Cpu = 250 });
        Add(request, rows[3]);
        request.Add("cpu", "", rows[3].Second * 1_000, 99);
        await request.SendAsync(_http, _server!.Url);
        await EndAsync(rows);
        return [rows[0] with { Cpu = null }, rows[1] with { Mem = null }, rows[2] with { Cpu = null }, rows[3]];
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static void Add(RemoteWrite request, Sample row)
    {
        foreach (var (metric, value) in ((string, double?)[])[("cpu", row.Cpu), ("mem", row.Mem), ("wait", row.CloseWait)])
        {
            if (value is { } number)
                request.Add(metric, $"{row.Server}:9100", row.Second * 1_000, number);
        }
    }

    /// <summary>The series of these rows end: half a second after the last, and after the day's last with its bucket.</summary>
    private async Task EndAsync(IReadOnlyList<Sample> rows)
    {
        var at = (rows.Max(r => r.Second) * 1_000) + (_hasDay ? 500 : 149_500);
        _hasDay = true;
        var request = new RemoteWrite();
        foreach (var server in rows.Select(r => r.Server).Distinct())
        {
            foreach (var metric in (string[])["cpu", "mem", "wait"])
                request.Add(metric, $"{server}:9100", at, RemoteWrite.Stale);
        }

        await request.SendAsync(_http, _server!.Url);
    }
}
