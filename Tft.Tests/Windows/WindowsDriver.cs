using System.Text;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Tests.Windows;

/// <summary>Feeds windows record by record, as the committer would.</summary>
internal sealed class WindowsDriver(int maxServers = 1_000, IPastSteps? past = null) : IDisposable
{
    private readonly EntryBuilder _entry = new();
    private long _sequence;

    public FleetWindows Windows { get; } = new(ProfileRules.Default, maxServers, past);

    /// <summary>All entries applied, for replay.</summary>
    public List<byte[]> Log { get; } = [];

    public static uint At(string time) => (uint)DateTimeOffset.Parse(time).ToUnixTimeSeconds();

    public static int StepOf(string time) => (int)TimeGrid.StepOf(At(time));

    public Verdict Feed(string name, uint seconds, float cpu, string source = "test", uint arrived = 0, ServerState state = ServerState.Healthy) =>
        Feed(name, seconds, Cpu(cpu), source, arrived, state);

    public Verdict Feed(string name, uint seconds, in MetricValues values, string source = "test", uint arrived = 0, ServerState state = ServerState.Healthy)
    {
        _entry.Start(Entry.Samples, source, (arrived == 0 ? seconds : arrived) * 1_000L);
        _entry.Add(0, Encoding.UTF8.GetBytes(name), seconds, state, Entry.NoProfile, values);
        var verdicts = new Verdict[1];
        Apply(verdicts);
        return verdicts[0];
    }

    public void Retire(string name)
    {
        _entry.Start(Entry.Retire, "", 0);
        _entry.Add(0, Encoding.UTF8.GetBytes(name), 0, ServerState.Missing, Entry.NoProfile, MetricValues.Missing);
        Apply([]);
    }

    /// <summary>A window by step: [14] values and the state.</summary>
    public (WindowInfo Info, float[] Values, ServerState[] States) Read(string name)
    {
        Assert.True(Windows.TryFind(name, out var server), name);
        var values = new float[TimeGrid.WindowSteps * MetricCatalog.Count];
        var states = new ServerState[TimeGrid.WindowSteps];
        return (Windows.Read(server, values, states), values, states);
    }

    /// <summary>CPU user of the last closed steps, oldest first.</summary>
    public float[] LastCpu(string name, int steps)
    {
        var (_, values, _) = Read(name);
        return [.. Enumerable.Range(TimeGrid.WindowSteps - steps, steps).Select(s => values[s * MetricCatalog.Count])];
    }

    public int[] TakeChanged()
    {
        var servers = new int[64];
        return servers[..Windows.TakeChanged(servers)];
    }

    public static MetricValues Cpu(float cpu)
    {
        var values = MetricValues.Missing;
        values.Set(Metric.CpuUser, cpu);
        return values;
    }

    public void Dispose() => Windows.Dispose();

    private void Apply(Verdict[] verdicts)
    {
        var bytes = _entry.Written.ToArray();
        Entry.SetSequence(bytes, ++_sequence);
        Log.Add(bytes);
        Windows.Apply(bytes, verdicts);
    }
}
