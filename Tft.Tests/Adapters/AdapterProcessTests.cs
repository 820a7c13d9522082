using Tft.Adapters.Simulation;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

[Trait("Ring", "service")]
public sealed class AdapterProcessTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FakeInference _service = null!;

    public async Task InitializeAsync() => _service = await FakeInference.StartAsync();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Kill9InMidBatch_AfterRestarts_EverySampleIsThereOnce()
    {
        // 40 servers at a sample a second: the process is killed while a batch is on the wire, during the back-fill and after it.
        string[] arguments = ["simulator", "--servers", "40", "--sample-seconds", "1", "--interval", "0.2"];
        for (var round = 0; round < 4; round++)
        {
            var before = _service.Requests.Count;
            using var adapter = AdapterProcess.Start(_folder, _service.Url, arguments);
            await Eventually.True(() => _service.Requests.Count >= before + (round == 0 ? 3 : 2), adapter.Output);
            var onTheWire = new TaskCompletionSource();
            _service.Next(async (context, _) =>
            {
                onTheWire.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return false;
            });
            await onTheWire.Task.DefaultTimeout();
            adapter.Kill();
        }

        using (var last = AdapterProcess.Start(_folder, _service.Url, arguments))
        {
            var live = LiveSeconds().Count;
            // its own word as well: what was on the wire when the one before was killed may be kept only now
            await Eventually.True(() => LiveSeconds().Count > live + 3 && last.Output.Contains("records to TFT daemon", StringComparison.Ordinal), last.Output);
            Assert.Equal(0, await last.StopAsync());
        }

        var seconds = LiveSeconds();
        var fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = 40 });
        var expected = Enumerable.Range(0, (int)(seconds.Max - seconds.Min) + 1).Select(i => seconds.Min + i)
            .SelectMany(t => fleet.Servers.Where(s => fleet.Sample(s, t) is not null).Select(s => (s.Name, t))).ToHashSet();
        var kept = _service.Kept.Keys.Select(k => (k.Server, k.Time.ToUnixTimeSeconds())).Where(k => k.Item2 >= seconds.Min).ToHashSet();
        Assert.Equal(seconds.Min, seconds.Max - seconds.Count + 1);
        Assert.Empty(expected.Except(kept));
        Assert.Empty(kept.Except(expected));

        // 25 h of means: 300 buckets, but for what monitoring missed.
        Assert.InRange(_service.Kept.Keys.Count(k => k.Time.ToUnixTimeSeconds() < seconds.Min), (40 * 300) - 600, 40 * 300);

        (long Min, long Max, int Count) LiveSeconds()
        {
            // Means stand on the grid; live samples begin at the first second that is followed by its neighbour.
            var all = _service.Kept.Keys.Select(k => k.Time.ToUnixTimeSeconds()).Distinct().Order().ToArray();
            var i = 0;
            while (i + 1 < all.Length && all[i + 1] != all[i] + 1)
                i++;
            return i + 1 >= all.Length ? (0, 0, 0) : (all[i], all[^1], all.Length - i);
        }
    }

    [Fact]
    public async Task Once_Simulator_PushesWithTheKeyAndEnds()
    {
        using var adapter = AdapterProcess.Start(_folder, _service.Url, "simulator", "--once", "--servers", "7");

        Assert.Equal(0, await adapter.ExitAsync());

        Assert.True(_service.Kept.Count > 7 * 290, adapter.Output);
        Assert.All(_service.Requests, r => Assert.Equal(("simulator", "key-of-the-test"), (r.Source, r.Key)));
        Assert.Contains("records to TFT daemon", adapter.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-the-test", adapter.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_ServiceIsNotThere_EndsWithCodeOne()
    {
        using var adapter = AdapterProcess.Start(_folder, $"http://127.0.0.1:{Ports.Free()}", "host", "--once");

        Assert.Equal(1, await adapter.ExitAsync());

        Assert.Contains("POST /feed", adapter.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DotEnv_HoldsTheKey_IsSaid()
    {
        await File.WriteAllTextAsync(_folder.File(".env"), "TFT_API_KEY=from-the-file\n");
        using var adapter = AdapterProcess.Start(_folder, _service.Url, "host", "--once", "--config", Config("""{"tft_daemon": {"api_key": ""}}"""));

        Assert.Equal(0, await adapter.ExitAsync());

        Assert.Contains("Loaded API key from .env", adapter.Output, StringComparison.Ordinal);
        Assert.Equal("from-the-file", Assert.Single(_service.Requests).Key);
    }

    [Fact]
    public async Task Config_UnknownKeys_AreNamedAndTheCodeIsTwo()
    {
        var file = Config("""{"host": {"server_name": "x", "colour": "red"}, "fetch_interval": 5, "tft_deamon": {}}""");
        using var adapter = AdapterProcess.Start(_folder, _service.Url, "host", "--once", "--config", file);

        Assert.Equal(2, await adapter.ExitAsync());

        Assert.Contains("unknown key 'tft_deamon'", adapter.Output, StringComparison.Ordinal);
    }

    private string Config(string json)
    {
        var file = _folder.File("config.json");
        File.WriteAllText(file, json);
        return file;
    }
}
