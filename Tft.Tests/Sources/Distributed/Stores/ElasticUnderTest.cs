using Tft.Tests.Infrastructure;
using Tft.Tests.Sources.Elasticsearch;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>Elasticsearch (points in time) or OpenSearch (scrolls), each as a double: no server of either is at hand.</summary>
internal sealed class ElasticUnderTest(bool isOpenSearch) : SourceUnderTest
{
    private ElasticDouble? _cluster;

    public override string Adapter => "elasticsearch";

    public override int Port { get; } = Ports.Free();

    public override async Task StartAsync()
    {
        if (_cluster is null)
        {
            _cluster = await ElasticDouble.StartAsync(Port);
            // As an index template would: a whole number in the first document would make it a field of whole numbers.
            _cluster.Map("cpu_user_pct", "float");
            _cluster.Map("mem_used_pct", "float");
        }
        else
            await _cluster.StartAgainAsync(Port);
        (_cluster.IsOpenSearch, _cluster.Version) = isOpenSearch ? (true, "2.18.0") : (false, "8.17.1");
    }

    public override Task StopAsync() => _cluster!.StopAsync();

    public override IEnumerable<(string Key, string Value)> Settings(int port) =>
    [
        ("Sources:elasticsearch:Url", $"http://127.0.0.1:{port}"),
        ("Sources:elasticsearch:Preset", "tft"),
    ];

    public override Task AddAsync(IReadOnlyList<Sample> rows)
    {
        foreach (var row in rows)
            Add(row.Json());
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows)
    {
        var surprises = JsonSurprises.Of(rows);
        foreach (var (json, _) in surprises)
            Add(json);
        return Task.FromResult<IReadOnlyList<Sample>>([.. surprises.Select(s => s.Read)]);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private void Add(string json) => _cluster!.Add(json.Replace("\"timestamp\"", "\"@timestamp\"", StringComparison.Ordinal));
}
