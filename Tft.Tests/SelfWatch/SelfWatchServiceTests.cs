using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Messages;
using Tft.Inference.SelfWatch;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.SelfWatch;

/// <summary>A journal that cannot be written, from the first look to the end of its alert.</summary>
[Trait("Ring", "service")]
public sealed class SelfWatchServiceTests : IDisposable
{
    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;
    private readonly SelfWatchLoop _loop;

    public SelfWatchServiceTests()
    {
        _client = _service.Client();
        _loop = _service.Services.GetRequiredService<SelfWatchLoop>();
    }

    [Fact]
    public async Task Look_JournalAway_FiresAfterItsTimeAndEndsAfterTwoGoodMinutes()
    {
        Break();
        Look();
        Assert.Equal("pending", (await OneAsync()).State);
        Look(TimeSpan.FromMinutes(1));
        var firing = await OneAsync();
        Assert.Equal(("firing", "critical", "system", "system_journal"), (firing.State, firing.Severity, firing.Kind, firing.Rule));
        Assert.Contains("the journal (embedded) cannot be written", firing.Reasons.Single().Text, StringComparison.Ordinal);

        Mend();
        Look(TimeSpan.FromMinutes(1));
        Look(TimeSpan.FromMinutes(1));
        Assert.Equal("firing", (await OneAsync()).State);
        Look(TimeSpan.FromMinutes(1));
        Assert.Empty(await GetAsync("/alerts/active"));
        var past = Assert.Single(await GetAsync("/alerts"));
        Assert.Equal((firing.Id, "resolved"), (past.Id, past.State));
    }

    [Fact]
    public async Task Look_BadForAMoment_NeverFires()
    {
        Break();
        Look();
        Mend();
        Look(TimeSpan.FromSeconds(30));
        Assert.Empty(await GetAsync("/alerts/active"));
        Assert.Empty(await GetAsync("/alerts"));
    }

    [Fact]
    public async Task Acknowledge_ASystemAlert_NamesWho()
    {
        Break();
        Look();
        var id = (await OneAsync()).Id;
        using var answer = await _client.PostAsJsonAsync($"/alerts/{id}/ack", new { by = "ana" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Look(TimeSpan.FromMinutes(1));
        Assert.Equal("ana", (await OneAsync()).AcknowledgedBy);
    }

    [Fact]
    public async Task Silence_OfARule_KeepsItFromBeingAnnounced()
    {
        using var answer = await _client.PostAsJsonAsync("/silences", new { rule = "system_journal", duration_minutes = 5 });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Break();
        Look();
        Look(TimeSpan.FromMinutes(1));
        Assert.NotNull((await OneAsync()).SilencedUntil);
        Assert.False(Saved().Single().IsAnnounced);

        Look(TimeSpan.FromMinutes(5));
        Assert.Null((await OneAsync()).SilencedUntil);
        Assert.True(Saved().Single().IsAnnounced);
    }

    [Fact]
    public async Task File_ARestartWhileItFires_GoesOnWithTheSameAlert()
    {
        Break();
        Look();
        Look(TimeSpan.FromMinutes(1));
        var before = await OneAsync();
        using var data = new TempFolder();
        File(data.Path, _service.Services.GetRequiredService<SystemAlertBook>(), _service.Services.GetRequiredService<UptimeLog>()).SaveIfChanged();

        using var second = new InferenceFixture();
        var (book, log) = (second.Services.GetRequiredService<SystemAlertBook>(), second.Services.GetRequiredService<UptimeLog>());
        File(data.Path, book, log).Load();

        var after = Assert.Single(book.Open());
        Assert.Equal((before.Id, before.Since, "firing"), (after.Id, after.Since, after.State));
        Assert.Single(log.Runs);
    }

    [Fact]
    public void Rules_AreThoseOfTheChecks() =>
        Assert.Equal(SelfWatchSetup.Rules.Order(StringComparer.Ordinal), _service.Services.GetServices<ISystemCheck>().Select(c => c.Rule).Order(StringComparer.Ordinal));

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private SelfWatchFile File(string folder, SystemAlertBook book, UptimeLog log) => new(book, log, folder, _service.Clock, NullLogger<SelfWatchFile>.Instance);

    private IReadOnlyList<SavedSystemAlert> Saved() => _service.Services.GetRequiredService<SystemAlertBook>().Save();

    private void Break() => _service.Windows.Journal = _service.Windows.Journal with { State = "unavailable" };

    private void Mend() => _service.Windows.Journal = _service.Windows.Journal with { State = "ok" };

    private void Look(TimeSpan after = default)
    {
        _service.Clock.Advance(after);
        _loop.LookOnce();
    }

    private async Task<AlertInfo> OneAsync() => Assert.Single(await GetAsync("/alerts/active"));

    private async Task<IReadOnlyList<AlertInfo>> GetAsync(string path) =>
        JsonSerializer.Deserialize(await _client.GetStringAsync(path), ContractJson.Default.AlertsResponse)!.Alerts;
}
