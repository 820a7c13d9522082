using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Alerts;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Risk;
using Tft.Inference.Serving.Events;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Alerts.Book;

/// <summary>A book of alerts that sees one server, snapshot by snapshot; what matters of it is its memory.</summary>
internal sealed class AlertScene : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public AlertScene(AlertRules? rules = null)
    {
        var meters = _meters.GetRequiredService<IMeterFactory>();
        Announcer = new AlertAnnouncer(new EventHub(meters), meters, Clock, NullLogger<AlertAnnouncer>.Instance);
        Book = new AlertBook(Clock, Announcer, rules ?? AlertRules.Default);
    }

    public FakeTimeProvider Clock { get; } = new();

    public AlertAnnouncer Announcer { get; }

    public AlertBook Book { get; }

    /// <summary>The next snapshot.</summary>
    /// <param name="now">Severity as measured.</param>
    /// <param name="soon">Probability of critical within half an hour.</param>
    /// <param name="horizon">The same within eight hours.</param>
    /// <param name="minutes">Since the one before.</param>
    /// <param name="knownSteps">Closed steps.</param>
    /// <param name="state">Of the server.</param>
    /// <param name="note">What forecast it; null: the model.</param>
    public void See(
        float now = 0, float soon = 0, float horizon = 0, double minutes = 5, int knownSteps = 288, ServerState state = ServerState.Healthy, ForecastNote? note = null)
    {
        Clock.Advance(TimeSpan.FromMinutes(minutes));
        Book.Forecast(Snapshot(now, knownSteps, state, soon, horizon) with { Note = note ?? ForecastNote.Tft }, default, [], []);
    }

    /// <summary>The next snapshot, five minutes later, of whatever risk.</summary>
    public void See(ServerRisk risk)
    {
        Clock.Advance(TimeSpan.FromMinutes(5));
        Book.Forecast(Snapshot(0, 288, ServerState.Healthy) with { Risk = risk }, default, [], []);
    }

    public ServerSnapshot Snapshot(float now, int knownSteps, ServerState state, float soon = 0, float horizon = 0)
    {
        var (measured, chances) = (default(MetricSeverities), default(MetricChances));
        measured.Set(RiskMetric.Memory, now);
        chances.See(RiskMetric.Memory, RiskLevel.Critical, 0, soon);
        chances.See(RiskMetric.Memory, RiskLevel.Critical, 90, horizon);
        return new ServerSnapshot
        {
            Number = 0, Name = "ppml0001", Id = "921211", Profile = ServerProfile.MlCompute, State = state, Current = MetricValues.Missing,
            LastRecordSeconds = Clock.GetUtcNow().ToUnixTimeSeconds(), OriginSeconds = Clock.GetUtcNow().ToUnixTimeSeconds(),
            KnownSteps = knownSteps, MeasuredSteps = knownSteps, Note = ForecastNote.Tft,
            Risk = new ServerRisk
            {
                Current = now, Now = measured, Chances = chances,
                Crossings = [new Reason(RiskMetric.Memory, 0, ReasonSource.Measured, RiskLevel.Critical, 95, 96, now, false)],
            },
        };
    }

    public AlertInfo Only(string rule) => Assert.Single(Book.OpenAlerts(), a => a.Rule == rule);

    /// <summary>What was announced since the last call.</summary>
    public List<AlertInfo> Announced()
    {
        var all = new List<AlertInfo>();
        while (Announcer.Queue.TryRead(out var alert))
            all.Add(alert);
        return all;
    }

    public void Dispose() => _meters.Dispose();
}
