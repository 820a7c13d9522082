using FsCheck;
using FsCheck.Fluent;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Tests.Windows;

/// <summary>The windows against a model that keeps every sample and computes everything anew.</summary>
[Trait("Ring", "unit")]
public sealed class WindowModelTests
{
    private static readonly uint s_start = WindowsDriver.At("2026-03-02T12:00:00Z");

    [Fact]
    public void Apply_AnySequence_AgreesWithTheModel() =>
        Prop.ForAll(Sequences(), sequence =>
        {
            using var driver = new WindowsDriver();
            var model = new Model();
            foreach (var (seconds, cpu, state) in sequence)
                Assert.Equal(model.Feed(seconds, cpu, state), driver.Feed("a", seconds, cpu, arrived: model.Newest, state: state));
            model.AssertEqual(driver);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Apply_ReplayOfTheLogWithAnySnapshotBetween_GivesTheSameWindows() =>
        Prop.ForAll(Sequences(), sequence =>
        {
            using var live = new WindowsDriver();
            foreach (var (seconds, cpu, state) in sequence)
                live.Feed(cpu % 2 == 0 ? "a" : "b", seconds, cpu, source: cpu % 3 == 0 ? "x" : "y", state: state);

            var cut = live.Log.Count / 2;
            using var before = new FleetWindows(ProfileRules.Default, 10);
            foreach (var entry in live.Log.Take(cut))
                before.Apply(entry, []);
            var image = new ImageWriter();
            for (var server = 0; server < before.Count; server++)
                before.Export(server, image);

            using var after = new FleetWindows(ProfileRules.Default, 10);
            var reader = new ImageReader(image.Written.Span);
            for (var server = 0; server < before.Count; server++)
                after.Import(ref reader);
            // the log from its start: what the snapshot has must be known
            foreach (var entry in live.Log)
                after.Apply(entry, []);

            AssertSame(live.Windows, after);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static void AssertSame(FleetWindows a, FleetWindows b)
    {
        Assert.Equal((a.Count, a.ClosedSteps, a.Active), (b.Count, b.ClosedSteps, b.Active));
        for (var server = 0; server < a.Count; server++)
        {
            var facts = a.Facts(server);
            Assert.True(b.TryFind(facts.Name, out var other));
            Assert.Equal(facts.LastRecordSeconds, b.Facts(other).LastRecordSeconds);
            Assert.Equal(Window(a, server), Window(b, other));
        }
    }

    private static (WindowInfo, string) Window(FleetWindows windows, int server)
    {
        var values = new float[TimeGrid.WindowSteps * MetricCatalog.Count];
        var states = new ServerState[TimeGrid.WindowSteps];
        var info = windows.Read(server, values, states);
        return (info, string.Join(' ', values) + string.Join(' ', states));
    }

    private static Arbitrary<(uint Seconds, float Cpu, ServerState State)[]> Sequences()
    {
        var jump = Gen.Frequency(
            (10, Gen.Choose(0, 20)),
            (4, Gen.Choose(-400, 400)),
            (2, Gen.Choose(-2_000, 2_000)),
            (1, Gen.Choose(-100_000, 5_000)),
            (1, Gen.Constant(0)));
        var sample = from j in jump from cpu in Gen.Choose(0, 100) from state in Gen.Choose(0, 7) select (j, cpu, state);
        return Gen.Sized(size => Gen.ArrayOf(sample, size * 3)).Select(samples =>
        {
            var at = (long)s_start;
            var high = at;
            return samples.Select(s =>
            {
                at = Math.Max(1_000, (s.j < -1_000 ? high : at) + s.j);
                high = Math.Max(high, at);
                return ((uint)at, (float)s.cpu, (ServerState)s.state);
            }).ToArray();
        }).ToArbitrary();
    }

    private sealed class Model
    {
        private readonly List<(uint Seconds, float Cpu, ServerState State)> _samples = [];
        private int _firstClosed;

        public uint Newest { get; private set; } = 1;

        private int NewestStep => (int)(Newest / 300);

        public Verdict Feed(uint seconds, float cpu, ServerState state)
        {
            var step = (int)(seconds / 300);
            if (_samples.Count == 0)
                _firstClosed = step - 1;
            var verdict = Judge(seconds, step, cpu, state);
            if (verdict == Verdict.Accepted)
            {
                _samples.Add((seconds, cpu, state));
                Newest = Math.Max(Newest, seconds);
            }

            return verdict;
        }

        public void AssertEqual(WindowsDriver driver)
        {
            if (_samples.Count == 0)
                return;
            var (info, values, states) = driver.Read("a");
            Assert.Equal(Math.Max(_firstClosed, NewestStep - 1), info.LastStep);
            for (var i = 0; i < 288; i++)
            {
                var step = (int)info.LastStep - 287 + i;
                var inBucket = Bucket(step);
                Assert.Equal(Mean(inBucket), values[i * MetricCatalog.Count]);
                Assert.Equal(Worst(inBucket), states[i]);
            }
        }

        private Verdict Judge(uint seconds, int step, float cpu, ServerState state)
        {
            if (_samples.Count == 0)
                return Verdict.Accepted;
            if (step > NewestStep - 4 && _samples.Exists(s => s.Seconds == seconds))
                return Verdict.Duplicate;
            if (Newest - (long)seconds <= 900)
                return Verdict.Accepted;
            if (step <= Math.Max(_firstClosed, NewestStep - 1) - 288)
                return Verdict.TooOld;
            var inBucket = Bucket(step);
            if (inBucket.Count == 0)
                return Verdict.Accepted;
            return step <= NewestStep - 4 && Mean(inBucket) == cpu && Worst(inBucket) == state ? Verdict.Duplicate : Verdict.TooLate;
        }

        private List<(uint Seconds, float Cpu, ServerState State)> Bucket(int step) => _samples.FindAll(s => (int)(s.Seconds / 300) == step);

        private static float Mean(List<(uint Seconds, float Cpu, ServerState State)> samples) =>
            samples.Count == 0 ? float.NaN : (float)(samples.Sum(s => (double)s.Cpu) / samples.Count);

        private static ServerState Worst(List<(uint Seconds, float Cpu, ServerState State)> samples) =>
            samples.Aggregate(ServerState.Missing, (worst, s) => ServerStates.Worst(worst, s.State));
    }
}
