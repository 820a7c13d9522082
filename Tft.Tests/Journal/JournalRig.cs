using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Journal;
using Tft.Inference.Journal.Embedded;
using Tft.Inference.Journal.Redis;
using Tft.Inference.Windows;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Journal;

/// <summary>Windows, committer and a journal, as one start of the service has them; start another over the same store to restart.</summary>
internal sealed class JournalRig : IAsyncDisposable
{
    public static readonly uint Noon = (uint)DateTimeOffset.Parse("2026-03-02T12:00:00Z").ToUnixTimeSeconds();

    private JournalRig(IJournal journal)
    {
        Journal = journal;
        Committer = new Committer(Windows, journal, NullLogger<Committer>.Instance);
    }

    public IJournal Journal { get; }

    public Committer Committer { get; }

    public FleetWindows Windows { get; } = new(ProfileRules.Default, 10_000);

    public static Task<JournalRig> EmbeddedAsync(
        string folder, Durability durability = Durability.Process, WriteBlocks? write = null, long segmentBytes = EmbeddedJournal.DefaultSegmentBytes) =>
        OpenAsync(new EmbeddedJournal(folder, durability, NullLogger<EmbeddedJournal>.Instance, segmentBytes, write));

    /// <param name="redis">The server.</param>
    /// <param name="timeout">What the journal waits for an answer; by default so long that a busy machine is not taken for an outage.</param>
    public static Task<JournalRig> RedisAsync(RedisServer redis, TimeSpan? timeout = null) =>
        OpenAsync(new RedisJournal(redis.ConnectionString, Durability.Process, NullLogger<RedisJournal>.Instance, timeout ?? TimeSpan.FromSeconds(10)));

    /// <summary>A batch of records, one for each name, at this second after noon; the value tells it from others.</summary>
    public static Memory<byte> Batch(uint second, float cpu, params string[] names)
    {
        var entry = new EntryBuilder();
        entry.Start(Entry.Samples, "test", (Noon + second) * 1_000L);
        for (var i = 0; i < names.Length; i++)
        {
            var values = MetricValues.Missing;
            values.Set(Metric.CpuUser, cpu);
            entry.Add(i, Encoding.UTF8.GetBytes(names[i]), Noon + second, ServerState.Healthy, Entry.NoProfile, values);
        }

        return entry.Written;
    }

    public async Task<ApplyResult> FeedAsync(uint second, float cpu, params string[] names) =>
        await Committer.CommitAsync(new CommitItem { Entry = Batch(second, cpu, names), Records = names.Length }).DefaultTimeout();

    public async Task SnapshotAsync()
    {
        var covered = Committer.Applied;
        var image = new ImageWriter();
        for (var p = 0; p < Partitions.Count; p++)
        {
            PartitionImage.Write(Windows, p, covered, image);
            await Journal.SaveSnapshotAsync(p, image.Written, default).DefaultTimeout();
        }

        await Journal.TrimAsync(covered, default).DefaultTimeout();
    }

    /// <summary>Everything that a reader can see, by name.</summary>
    public SortedDictionary<string, string> Dump()
    {
        var dump = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var values = new float[TimeGrid.WindowSteps * MetricCatalog.Count];
        var states = new ServerState[TimeGrid.WindowSteps];
        for (var server = 0; server < Windows.Count; server++)
        {
            var facts = Windows.Facts(server);
            if (facts.Retired)
                continue;
            var info = Windows.Read(server, values, states);
            dump.Add(facts.Name, $"{info} {facts.LastRecordSeconds} {string.Join(' ', values)} {string.Join(' ', states)}");
        }

        return dump;
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        Windows.Dispose();
    }

    private static async Task<JournalRig> OpenAsync(IJournal journal)
    {
        var rig = new JournalRig(journal);
        try
        {
            await rig.Committer.OpenAsync(default).DefaultTimeout();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }
}
