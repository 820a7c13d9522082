using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Dashboard.Charts;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Inference;
using Tft.Dashboard.Live;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard;

/// <summary>What the dashboard reads is what the inference service says: both as they are, with a simulated fleet.</summary>
[Trait("Ring", "distributed")]
public sealed class RealServiceTests : IAsyncLifetime
{
    private const string Key = "key-of-the-test";

    private readonly TempFolder _folder = new();
    private readonly List<ServiceProcess> _processes = [];
    private ServiceProvider _provider = null!;
    private InferenceApi _api = null!;
    private EventFeed _feed = null!;
    private FleetStore _store = null!;

    public async Task InitializeAsync()
    {
        var inference = Start("Tft.Inference", []);
        await inference.HealthyAsync();
        Start("Tft.Adapters", ["simulator", "--servers", "3"], new KeyValuePair<string, string?>("Tft:InferenceUrl", inference.Url.ToString()));
        var services = new ServiceCollection();
        foreach (var name in new[] { "inference", "inference-events" })
        {
            services.AddHttpClient(name, client =>
            {
                client.BaseAddress = inference.Url;
                client.DefaultRequestHeaders.Add("X-API-Key", Key);
            });
        }

        _provider = services.BuildServiceProvider();
        var clients = _provider.GetRequiredService<IHttpClientFactory>();
        _api = new InferenceApi(clients);
        _feed = new EventFeed(clients, TimeProvider.System, NullLogger<EventFeed>.Instance);
        _store = new FleetStore(_api, _feed, TimeProvider.System, NullLogger<FleetStore>.Instance);
        await _feed.StartAsync(default);
        await _store.StartAsync(default);
    }

    private ServiceProcess Start(string assembly, string[] arguments, params KeyValuePair<string, string?>[] settings)
    {
        var process = ServiceProcess.Start(assembly, _folder, [new("Tft:ApiKey", Key), new("Tft:Redis", "none"), .. settings], arguments);
        _processes.Add(process);
        return process;
    }

    public async Task DisposeAsync()
    {
        await _store.StopAsync(default);
        await _feed.StopAsync(default);
        _store.Dispose();
        _feed.Dispose();
        await _provider.DisposeAsync();
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Fleet_Server_Charts_AreAllThere()
    {
        await using var watching = _store.Subscribe(() => Task.CompletedTask, TimeSpan.FromMilliseconds(100));
        await Eventually.True(() => _store.Current is { Rows.Count: 3 } && _feed.State == FeedState.Live, "three servers by events", Eventually.Long);
        var view = _store.Current!;
        Assert.All(view.Rows, r => Assert.True(float.IsFinite(r.Glances[ServerRow.Cpu].Now) && float.IsFinite(r.Glances[ServerRow.Memory].In8h.P90), r.Name));
        Assert.Equal("simulator", Assert.Single(view.Status.Sources).Name);
        Assert.All(view.Rows.Where(r => r.Level > Level.Healthy), r => Assert.NotNull(r.Reason));

        var name = view.Rows[0].Name;
        var history = await Eventually.Value(async () => await _api.GetHistoryAsync(name, default) is { } h && h.Measured["mem_used_pct"].Count >= 280 ? h : null, Eventually.Long);
        var forecast = (await _api.GetServerAsync(name, default))!;
        var all = BandSeries.AllOf(forecast, history);
        Assert.Equal(MetricCatalog.Count + 1, all.Count);
        Assert.All(all, s => Assert.Equal((96, 96, 96), (s.P10.Length, s.P50.Length, s.P90.Length)));
        var memory = all.Single(s => s.Key == "mem_used_pct");
        Assert.Equal(3, memory.Thresholds.Count);
        Assert.Equal(history.FirstStep.AddMinutes(5 * history.Measured["mem_used_pct"].Count), memory.MeasuredAt(memory.Measured.Length - 1));
        Assert.InRange(memory.ForecastFrom - memory.MeasuredAt(memory.Measured.Length - 1), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Assert.Null(await _api.GetServerAsync("no/such server?", default));
        _ = await _api.GetRecentAlertsAsync(default);
        _ = await _api.GetSilencesAsync(default);
    }

    [Fact]
    public async Task Decision_IsThereAfterKill_AndWhatRisesTogetherIsRead()
    {
        await using var watching = _store.Subscribe(() => Task.CompletedTask, TimeSpan.FromMilliseconds(100));
        await Eventually.True(() => _store.Current is { Rows.Count: 3 }, "three servers", Eventually.Long);
        var suggested = await _api.GetRemediationAsync(default);
        Assert.All(suggested.Suggestions, s => Assert.Contains(suggested.Runbooks, r => r.Id == s.Runbook));
        var cascades = await _api.GetCascadesAsync(default);
        Assert.Equal(TimeSpan.FromHours(8), cascades.Origin - cascades.From);
        var kept = await _api.DecideAsync(new() { Server = _store.Current!.Rows[0].Name, Runbook = "swap", Decision = "declined", By = "ana", Remark = "<b>" }, default);
        Assert.Equal("unknown_runbook", (await Assert.ThrowsAsync<RefusedException>(() => _api.DecideAsync(new() { Server = kept.Server, Runbook = "none", Decision = "approved" }, default))).Code);

        _processes[0].Kill();
        var again = await Start("Tft.Inference", []).HealthyAsync();

        using var client = new HttpClient { BaseAddress = again.Url, DefaultRequestHeaders = { { "X-API-Key", Key } } };
        var record = await client.GetFromJsonAsync("/remediation/approvals", ContractJson.Default.ApprovalsResponse);
        Assert.Equal(kept, Assert.Single(record!.Approvals));
    }

    [Fact]
    public async Task Models_Quality_Explanation_AreReadAsTheyAreSaid()
    {
        var models = new ModelApi(_provider.GetRequiredService<IHttpClientFactory>());
        var list = await models.GetModelsAsync(default);
        Assert.Contains(list.Models, m => m.Active && m.Version == list.Active && m.Evaluation!.Leads.ContainsKey("all"));
        Assert.Empty((await models.GetTrainingsAsync(default)).Jobs);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => models.ActivateAsync("no/such model", default));
        Assert.Equal("unknown_model", refused.Code);
        Assert.Equal(7, (await models.GetQualityAsync(default)).Days.Count);

        await using var watching = _store.Subscribe(() => Task.CompletedTask, TimeSpan.FromMilliseconds(100));
        await Eventually.True(() => _store.Current?.Rows.Any(r => !r.IsFallback) == true, "a server by the model", Eventually.Long);
        var explanation = (await _api.GetExplanationAsync(_store.Current!.Rows.First(r => !r.IsFallback).Name, default))!;
        var profile = Tft.Dashboard.Explain.AttentionProfile.Of(explanation, 60, default)!;
        Assert.Equal(1, profile.Hours.Sum(h => h.Share), 2);
        Assert.Equal(explanation.Origin, profile.Target.AddHours(-1));
    }
}
