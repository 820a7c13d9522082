using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Tft.Adapters.Hosting;
using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Incidents;
using Tft.Adapters.Simulation.Training;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Simulator;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Simulator;

[Trait("Ring", "component")]
public sealed class SimulatorSourceTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Loop_RestartAfterTenMinutesAway_MakesUpForEveryTick()
    {
        await using var service = await FakeInference.StartAsync();
        using (var first = new LoopRig(Source(out _), service.Url, _clock, _folder, o => o.Backfill = 0))
            await first.PollAsync();
        _clock.Advance(TimeSpan.FromMinutes(10));
        using var second = new LoopRig(Source(out var fleet), service.Url, _clock, _folder, o => o.Backfill = 0);
        await second.PollAsync();

        var from = _clock.GetUtcNow().AddMinutes(-10).ToUnixTimeSeconds();
        var expected = Enumerable.Range(0, 121).Sum(i => fleet.Servers.Count(s => fleet.Sample(s, from + (i * 5)) is not null));
        Assert.Equal(expected, service.Kept.Count);
        Assert.Equal(0, service.Duplicates);
    }

    [Fact]
    public async Task Read_FasterThanTime_CatchesUpAndNeverPassesTheClock()
    {
        var source = Source(out _, new SimulatorOptions { Speed = 3600, StartHoursAgo = 2, Servers = 1 });
        Assert.False(source.HasHistory);
        string? position = null;
        var last = DateTimeOffset.MinValue;
        for (var i = 0; i < 6; i++)
        {
            foreach (var page in await ReadAsync(source, position))
                (position, last) = (page.Position, page.Reached!.Value);
            Assert.True(last <= _clock.GetUtcNow());
            if (i == 0)
                Assert.Equal(_clock.GetUtcNow().AddHours(-2), last);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Two hours at an hour a second: caught up after two, then live.
        Assert.InRange(_clock.GetUtcNow() - last, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Read_ClockSetBack_RepeatsNothing()
    {
        var source = Source(out _);
        var pages = await ReadAsync(source, null);

        Assert.Empty(await ReadAsync(source, (long.Parse(pages[^1].Position!) + 3600).ToString()));
    }

    [Fact]
    public void Switch_ThenRestart_TheScenarioIsStillOn()
    {
        var fleet = new SimulatedFleet(new SimulatedFleetOptions());
        var clock = new SimulationClock(1, TimeSpan.Zero, _clock);
        var switched = new ScenarioSwitch(fleet, clock, _folder.File("s.json")).Switch(Scenario.Critical);
        var next = new SimulatedFleet(new SimulatedFleetOptions());

        var kept = new ScenarioSwitch(next, clock, _folder.File("s.json")).Current;

        Assert.Equal(switched, kept);
        Assert.Equal(Scenario.Critical, next.Timeline.Current);
    }

    [Fact]
    public async Task Scenario_OverHttp_NeedsTheKeyAndSwitches()
    {
        var keys = new Dictionary<string, string?>
        {
            ["Tft:ApiKey"] = "the-key", ["Tft:DataDirectory"] = _folder.Path, ["Tft:InferenceUrl"] = $"http://127.0.0.1:{Ports.Free()}", ["urls"] = "http://127.0.0.1:0",
        };
        await using var app = AdapterHost.Build(new SimulatorKind(), keys, TextWriter.Null);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/scenario")).StatusCode);
        http.DefaultRequestHeaders.Add("X-API-Key", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsJsonAsync("/scenario", new { scenario = "cascade" })).StatusCode);
        http.DefaultRequestHeaders.Remove("X-API-Key");
        http.DefaultRequestHeaders.Add("X-API-Key", "the-key");
        using var answer = await http.PostAsJsonAsync("/scenario", new { scenario = "cascade" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"cascade\"", (await http.GetStringAsync("/scenario")).ToLowerInvariant(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsJsonAsync("/scenario", new { scenario = "earthquake" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health")).StatusCode);
        await app.StopAsync();
    }

    [Fact]
    public void TrainingSet_SameSeed_GivesTheSameBytes()
    {
        var options = new SimulatedFleetOptions { Servers = 9, Seed = 5 };
        var end = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        var summary = TrainingSet.Write(_folder.File("a"), options, end, 72);
        TrainingSet.Write(_folder.File("b"), options, end, 72);

        foreach (var file in (string[])["server_metrics.csv.gz", "metrics_metadata.json", "server_mapping.json", "incidents.json"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.File("a"), file)), File.ReadAllBytes(Path.Combine(_folder.File("b"), file)));
        Assert.InRange(summary.Rows, (9 * 72 * 12 * 95) / 100, 9 * 72 * 12);
        Assert.True(new FileInfo(Path.Combine(_folder.File("a"), "server_metrics.parquet")).Length > 10_000);
    }

    private SimulatorSource Source(out SimulatedFleet fleet, SimulatorOptions? options = null)
    {
        options ??= new SimulatorOptions();
        fleet = new SimulatedFleet(new SimulatedFleetOptions { Servers = options.Servers, Seed = options.Seed });
        return new SimulatorSource(fleet, options, new SimulationClock(options.Speed, TimeSpan.FromHours(options.StartHoursAgo), _clock));
    }

    private async Task<List<SourcePage>> ReadAsync(SimulatorSource source, string? position)
    {
        var pages = new List<SourcePage>();
        await foreach (var page in source.ReadAsync(new ReadRange(_clock.GetUtcNow().AddSeconds(-10), _clock.GetUtcNow(), position), CancellationToken.None))
            pages.Add(page);
        return pages;
    }
}
