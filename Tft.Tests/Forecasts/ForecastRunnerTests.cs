using System.Diagnostics;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Tests.Serving;

namespace Tft.Tests.Forecasts;

[Trait("Ring", "component")]
public sealed class ForecastRunnerTests : IDisposable
{
    private readonly InferenceFixture _service = new();

    private FleetSnapshot Snapshot => _service.Snapshots.Current;

    [Fact]
    public void RunChanged_ServersOfSeveralBlocks_PublishesEachBlockOnce()
    {
        for (var i = 0; i < 600; i++)
            _service.Windows.Add($"s{i:000}", 40, _service.LastStep, step => Rows.Calm(step));
        Assert.Equal(600, _service.Runner.RunChanged(default));
        Assert.Equal(3, Snapshot.Number);
        Assert.Equal(600, Snapshot.Totals.Servers);
        Assert.Equal("s599", Snapshot.Find(599)!.Name);
        Assert.Equal(600, Snapshot.Totals.Fallback);
    }

    [Fact]
    public void RunChanged_OneServerOfABlock_LeavesTheOthersForecastsAndOtherBlocksAlone()
    {
        for (var i = 0; i < 300; i++)
            _service.Windows.Add($"s{i:000}", 40, _service.LastStep, step => Rows.Calm(step, memory: 40));
        _service.Runner.RunChanged(default);
        var before = Snapshot;
        _service.Windows.Close(7, Rows.Calm(0, memory: 90));
        _service.Runner.RunChanged(default);
        Assert.Same(before.Blocks[1], Snapshot.Blocks[1]);
        Assert.NotSame(before.Blocks[0], Snapshot.Blocks[0]);
        Assert.Same(before.Find(8), Snapshot.Find(8));
        Assert.Equal(before.Blocks[0].Forecasts.Get(8, Metric.MemUsed, 1, 50), Snapshot.Blocks[0].Forecasts.Get(8, Metric.MemUsed, 1, 50));
        Assert.NotEqual(before.Blocks[0].Forecasts.Get(7, Metric.MemUsed, 1, 0), Snapshot.Blocks[0].Forecasts.Get(7, Metric.MemUsed, 1, 0));
    }

    [Fact]
    public void Sweep_FirstRecordBeforeAnyClosedBucket_IsShownAsWarmingUp()
    {
        var server = _service.Windows.Add("new", 0, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.Sweep(default);
        var shown = Snapshot.Find(server)!;
        Assert.Equal(("warming_up", "warming"), (shown.Note.FallbackReason, shown.Lifecycle));
        Assert.Equal(shown.LastRecordSeconds, shown.OriginSeconds);

        _service.Windows.Sample(server, Rows.Calm(0).With(Metric.MemUsed, 77), shown.LastRecordSeconds + 5);
        _service.Runner.Sweep(default);
        Assert.Equal(77, Snapshot.Find(server)!.Current.Get(Metric.MemUsed));
    }

    [Fact]
    public void Sweep_SilentServer_IsMarkedStaleAndComesBack()
    {
        var server = _service.Windows.Add("quiet", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.RunChanged(default);
        _service.Clock.Advance(TimeSpan.FromMinutes(15));
        _service.Runner.Sweep(default);
        Assert.False(Snapshot.Find(server)!.IsStale);
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        _service.Runner.Sweep(default);
        Assert.Equal("stale", Snapshot.Find(server)!.Lifecycle);
        Assert.Equal(1, Snapshot.Totals.Stale);

        _service.Windows.Sample(server, Rows.Calm(1), _service.Clock.GetUtcNow().ToUnixTimeSeconds());
        _service.Runner.Sweep(default);
        Assert.Equal("ready", Snapshot.Find(server)!.Lifecycle);
    }

    [Fact]
    public void Sweep_RetiredServer_IsDropped()
    {
        var server = _service.Windows.Add("gone", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Windows.Add("stays", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.RunChanged(default);
        _service.Windows.Retire(server);
        _service.Runner.Sweep(default);
        Assert.Null(Snapshot.Find(server));
        Assert.Equal(1, Snapshot.Totals.Servers);
    }

    [Fact]
    public void Sweep_NothingNew_PublishesNothing()
    {
        _service.Windows.Add("server", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.RunChanged(default);
        var number = Snapshot.Number;
        _service.Runner.Sweep(default);
        Assert.Equal(number, Snapshot.Number);
    }

    [Fact]
    public void RunChanged_FeedSpans_AreLinkedToTheRunAndTheSnapshotKnowsIt()
    {
        var runs = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Tft.Inference",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => { lock (runs) runs.Add(activity); },
        };
        ActivitySource.AddActivityListener(listener);
        var feed = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        _service.Windows.Links.Add(new ActivityLink(feed));
        _service.Windows.Add("server", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.RunChanged(default);

        // services of other tests add theirs meanwhile
        Activity[] seen;
        lock (runs)
            seen = [.. runs];
        var run = seen.Single(a => a.OperationName == "forecast.run" && a.Links.Any(l => l.Context == feed));
        Assert.Equal(run.Context, Snapshot.Run);
        Assert.Contains(seen, a => a.OperationName == "snapshot.publish" && a.ParentSpanId == run.SpanId);
    }

    [Fact]
    public void RunChanged_EngineThrows_TheFallbackForecastsAndSaysSo()
    {
        using var service = new InferenceFixture(forecaster: new Broken());
        service.Windows.Add("server", 288, service.LastStep, step => Rows.Calm(step));
        service.Runner.RunChanged(default);
        var server = service.Snapshots.Current.Find(0)!;
        Assert.Equal(("fallback", "engine_failed"), (server.Note.ModelType, server.Note.FallbackReason));
        Assert.True(service.Snapshots.Current.Blocks[0].Forecasts.Has(0, Metric.MemUsed));
    }

    private sealed class Broken : IForecaster
    {
        public ModelInfo Model { get; } = new() { Type = "TFT", Engine = "managed", Device = "cpu" };

        public void Forecast(ForecastBatch batch) => throw new InvalidOperationException("the engine is broken");
    }

    public void Dispose() => _service.Dispose();
}
