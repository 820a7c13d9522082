using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.InfluxDb;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>InfluxDB 2 (Flux) and 3 (SQL), as doubles: neither is at hand.</summary>
internal sealed class InfluxDoubleUnderTest(int version) : SourceUnderTest
{
    private readonly InfluxDouble _store = new(version);

    public override string Adapter => "influxdb";

    public override int Port { get; } = Ports.Free();

    public override bool FollowsTheClock => true;

    public override int BytesUntilCut => 300_000;

    public override Task StartAsync() => _store.StartAsync(Port);

    public override Task StopAsync() => _store.StopAsync();

    public override IEnumerable<(string Key, string Value)> Settings(int port) =>
    [
        ("Sources:influxdb:Url", $"http://127.0.0.1:{port}"),
        ("Sources:influxdb:Version", $"{version}"),
        ("Sources:influxdb:Org", "a team"),
        ("Sources:influxdb:Token", "not-a-secret"),
        ("Sources:influxdb:Step", "1"),
        ("Sources:influxdb:Delay", "0"),
        .. InfluxUnderTest.Metrics,
    ];

    public override Task AddAsync(IReadOnlyList<Sample> rows)
    {
        foreach (var row in rows)
            Add(row);
        return Task.CompletedTask;
    }

    /// <summary>Points that lack fields, hold none, or name no host.</summary>
    public override Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        Sample[] read = [rows[0] with { Cpu = null }, rows[1] with { Mem = null, CloseWait = null }, rows[2]];
        foreach (var row in read)
            Add(row);
        _store.Add("cpu", "", rows[3].Second, 99);
        _store.Add("cpu", rows[4].Server, rows[4].Second, null);
        return Task.FromResult<IReadOnlyList<Sample>>(read);
    }

    public override ValueTask DisposeAsync() => _store.DisposeAsync();

    private void Add(Sample row)
    {
        foreach (var (measurement, value) in ((string, double?)[])[("cpu", row.Cpu), ("mem", row.Mem), ("netstat", row.CloseWait)])
        {
            if (value is not null)
                _store.Add(measurement, row.Server, row.Second, value);
        }
    }
}
