using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Bench.Reporting;
using Tft.Contract.Records;
using Tft.Contract.Servers;
using Tft.Inference.Journal;
using Tft.Inference.Journal.Embedded;
using Tft.Inference.Windows;

namespace Tft.Bench.Ingest;

/// <summary>What each stage of a batch costs alone, on one core, without HTTP: says what limits the whole.</summary>
internal static class Stages
{
    private const int Batch = 1_000;
    private const double Seconds = 2;

    public static async Task RunAsync(BenchReport report, int servers)
    {
        var names = Enumerable.Range(0, servers).Select(i => string.Create(CultureInfo.InvariantCulture, $"host{i:D5}")).ToArray();
        var start = DateTimeOffset.UtcNow.AddHours(-20).ToUnixTimeSeconds();
        var bodies = FeedConnection.Bodies(names, Batch, start);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var entry = new EntryBuilder();

        var next = 0;
        var read = Rate.MedianSeconds(
            () =>
            {
                entry.Start(Entry.Samples, "bench", now * 1_000);
                var reader = new RecordBatchReader(bodies[next++ % bodies.Length], RecordRules.Utc, now, wrapped: false);
                while (reader.Read())
                    entry.Add(reader.Index, reader.Name, reader.Seconds, reader.State, Entry.NoProfile, in reader.Values);
            },
            Seconds);
        Add(report, "ingest.stage.read", read, string.Create(CultureInfo.InvariantCulture, $"JSON to journal entry, {bodies[0].Length / Batch} bytes a record"));

        var folder = Directory.CreateTempSubdirectory("tft-bench-");
        await using (var journal = new EmbeddedJournal(folder.FullName, Durability.Process, NullLogger<EmbeddedJournal>.Instance))
        {
            _ = await journal.OpenAsync(new Nobody(), default);
            Memory<byte>[] group = [entry.Written];
            var sequence = 0L;
            var append = Rate.MedianSeconds(
                () =>
                {
                    Entry.SetSequence(group[0].Span, ++sequence);
                    journal.AppendAsync(group, default).AsTask().GetAwaiter().GetResult();
                },
                Seconds);
            Add(report, "ingest.stage.append", append, string.Create(CultureInfo.InvariantCulture, $"checksum and write, {group[0].Length / Batch} bytes a record"));
        }

        folder.Delete(recursive: true);
        ApplyAll(report, names, start);
    }

    private static void ApplyAll(BenchReport report, string[] names, long start)
    {
        using var windows = new FleetWindows(ProfileRules.Default, names.Length);
        var verdicts = new Verdict[Batch];
        var entry = new EntryBuilder();
        var (sequence, round) = (0L, 0);
        var bodies = FeedConnection.Bodies(names, Batch, start);
        var entries = bodies.Select(body =>
        {
            entry.Start(Entry.Samples, "bench", start * 1_000);
            var reader = new RecordBatchReader(body, RecordRules.Utc, start, wrapped: false);
            while (reader.Read())
                entry.Add(reader.Index, reader.Name, reader.Seconds, reader.State, Entry.NoProfile, in reader.Values);
            return entry.Written.ToArray();
        }).ToArray();
        // the first round makes the servers and touches their memory
        for (var i = 0; i < entries.Length; i++)
            Apply();
        Add(report, "ingest.stage.apply", Rate.MedianSeconds(Apply, Seconds), string.Create(CultureInfo.InvariantCulture,
            $"windows of {names.Length} servers; {verdicts.Count(v => v == Verdict.Accepted)} of {Batch} accepted"));

        void Apply()
        {
            var bytes = entries[round++ % entries.Length];
            Entry.SetSequence(bytes, ++sequence);
            MoveOn(bytes);
            windows.Apply(bytes, verdicts);
        }
    }

    /// <summary>Each record a second later.</summary>
    private static void MoveOn(byte[] entry)
    {
        var records = Entry.Records(entry);
        while (records.Next())
        {
            var at = System.Runtime.CompilerServices.Unsafe.ByteOffset(ref entry[0], ref System.Runtime.InteropServices.MemoryMarshal.GetReference(records.Bytes));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan((int)at + 4), records.Seconds + 1);
        }
    }

    private static void Add(BenchReport report, string name, double batchSeconds, string note) =>
        report.Add(new BenchResult(name, batchSeconds * 1e9 / Batch, "ns/record", Note: note));

    private sealed class Nobody : IJournalTarget
    {
        public void Restore(ReadOnlySpan<byte> partitionImage)
        {
        }

        public void Replay(ReadOnlySpan<byte> entry)
        {
        }
    }
}
