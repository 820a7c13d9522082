using System.Diagnostics;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Journal;
using Tft.Inference.Windows.Sources;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.Windows;

internal sealed partial class FleetWindows
{
    private const int MaxIndexBits = 16;

    /// <summary>Of which servers a position in the journal is the last: those of an entry, record by record.</summary>
    public static long Position(long sequence, int index) => (sequence << MaxIndexBits) | (uint)(index + 1);

    /// <summary>True if a batch of so many records could go beyond the limit of servers, so that <see cref="RefuseNewServers"/> must look.</summary>
    public bool MayExceedServers(int records) => _active + records > maxServers;

    /// <summary>
    /// Marks the records of names that are new and beyond the limit, before the journal keeps the entry: what the log says, replay does not judge again.
    /// </summary>
    /// <param name="entry">About to be kept.</param>
    /// <param name="admitted">New names admitted so far in this round; grows.</param>
    public void RefuseNewServers(Span<byte> entry, HashSet<string> admitted)
    {
        var records = Entry.Records(entry);
        while (records.Next())
        {
            var server = _names.Find(records.Name);
            if (server >= 0 && _heads[server].Storage >= 0)
                continue;
            var name = System.Text.Encoding.UTF8.GetString(records.Name);
            if (admitted.Contains(name))
                continue;
            if (_active + admitted.Count < maxServers)
                admitted.Add(name);
            else
                records.Refuse();
        }
    }

    /// <summary>
    /// Applies an entry of the journal: live after it was kept, and in replay, alike.
    /// </summary>
    /// <param name="entry">Of any kind.</param>
    /// <param name="verdicts">By index of the record in its batch; may be empty in replay.</param>
    /// <param name="span">The span of the append, for forecasts to link to.</param>
    public ApplyResult Apply(ReadOnlySpan<byte> entry, Span<Verdict> verdicts, ActivityContext span = default)
    {
        if (entry.Length < Entry.HeaderLength || entry[0] != Entry.Version)
            throw new InvalidDataException($"A journal entry has version {(entry.IsEmpty ? 0 : entry[0])}; this program knows {Entry.Version}.");
        return Entry.Kind(entry) switch
        {
            Entry.Samples => ApplySamples(entry, verdicts, span),
            Entry.Retire => ApplyRetire(entry),
            _ => default,
        };
    }

    private ApplyResult ApplySamples(ReadOnlySpan<byte> entry, Span<Verdict> verdicts, ActivityContext span)
    {
        var sequence = Entry.Sequence(entry);
        var arrived = (uint)(Entry.ArrivalMs(entry) / 1_000);
        var source = Sources.Get(Entry.Source(entry));
        var result = default(ApplyResult);
        Span<float> values = stackalloc float[Metrics];
        var records = Entry.Records(entry);
        while (records.Next())
        {
            var verdict = Verdict.TooManyServers;
            if (!records.IsRefused)
            {
                records.Unpack(values);
                verdict = ApplyRecord(ref records, values, source, arrived, Position(sequence, records.Index), ref result.Changed);
                if (verdict != Verdict.Known)
                    source.Observe(records.Seconds, arrived);
            }

            if (records.Index < verdicts.Length)
                verdicts[records.Index] = verdict;
            if (verdict == Verdict.Accepted)
                result.Accepted++;
            else if (verdict == Verdict.Duplicate)
                result.Duplicates++;
            else if (verdict != Verdict.Known)
                result.Refused++;
        }

        if (result.Changed)
            _links.Add(span);
        return result;
    }

    private Verdict ApplyRecord(ref EntryRecords record, scoped ReadOnlySpan<float> values, Source source, uint arrived, long position, ref bool changed)
    {
        var server = _names.Find(record.Name);
        if (server >= 0 && position <= _heads[server].Position)
            return Verdict.Known;
        if (server < 0 || _heads[server].Storage < 0)
        {
            server = Begin(server, record.Name, (int)(record.Seconds / TimeGrid.StepSeconds));
            changed = true;
        }

        ref var head = ref _heads[server];
        BeginWrite(ref head);
        head.Position = position;
        head.LastArrival = Math.Max(head.LastArrival, arrived);
        if (record.Profile != Entry.NoProfile)
        {
            head.Profile = (ServerProfile)record.Profile;
            head.ProfileSent = true;
        }

        var verdict = Place(ref head, ref Slot(head.Storage, source, record.Seconds), record.Seconds, record.State, values, arrived, out var closedBefore);
        if (verdict == Verdict.Accepted && record.Seconds >= head.LastRecord)
            TakeAsLast(ref head, record.Seconds, record.State, values);
        var closed = CloseWhatIsDue(server, ref head, arrived);
        EndWrite(ref head);

        if (closed || closedBefore)
        {
            changed = true;
            _changes.Add(server);
        }

        return verdict;
    }

    /// <summary>A server that is new, or comes back.</summary>
    private int Begin(int server, ReadOnlySpan<byte> name, int step)
    {
        if (server < 0)
        {
            var next = _names.Count;
            _heads.Reach(next);
            _due.Reach(next);
            _changes.Reach(next);
            _heads[next].Storage = -1;
            server = _names.Add(name);
        }

        ref var head = ref _heads[server];
        BeginWrite(ref head);
        // made aside and copied: the version in place must not be even in between
        var fresh = new ServerHead
        {
            Version = head.Version,
            Number = server,
            Phase = PhaseOf(name),
            Storage = _storage.Allocate(),
            LastClosed = step - 1,
            FirstStep = int.MaxValue,
            State = ServerState.Missing,
            Profile = profiles.Of(_names.Name(server)),
            Last = MetricValues.Missing,
        };
        head = fresh;
        EndWrite(ref head);
        _active++;
        _changes.Add(server);
        return server;
    }
}

/// <summary>What an entry did.</summary>
internal struct ApplyResult
{
    public int Accepted;
    public int Duplicates;
    public int Refused;

    /// <summary>A bucket closed, or a closed one changed, or a server is new.</summary>
    public bool Changed;
}
