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

    /// <summary>Puts a sample where it belongs, or refuses it. <paramref name="changed"/>: a closed step is another one now.</summary>
    private Verdict Place(ref ServerHead head, ref SourceSlot slot, uint seconds, ServerState state, ReadOnlySpan<float> values, uint arrived, out bool changed)
    {
        changed = false;
        slot.Arrived = arrived;
        var newest = slot.Newest;
        if (seconds <= newest && slot.Has(seconds))
            return Verdict.Duplicate;

        var step = (int)(seconds / TimeGrid.StepSeconds);
        var inTime = seconds + (long)SourceSlot.MaxLateSeconds >= newest;
        Verdict verdict;
        if (inTime && step > head.NewestStep - SourceSlot.Buckets)
        {
            Accumulate(ref head, step, seconds, state, values, ref changed);
            verdict = Verdict.Accepted;
        }
        else
        {
            verdict = FillEmpty(ref head, step, seconds, state, values, ref changed);
        }

        if (verdict == Verdict.Accepted)
            slot.Set(seconds);
        return verdict;
    }

    private void Accumulate(ref ServerHead head, int step, uint seconds, ServerState state, ReadOnlySpan<float> values, ref bool changed)
    {
        if (step > head.NewestStep)
        {
            // the bucket that this one displaces must be in the window before
            changed |= CloseUpTo(ref head, step - SourceSlot.Buckets);
            head.NewestStep = step;
        }

        ref var bucket = ref _storage.Buckets(head.Storage)[step & (SourceSlot.Buckets - 1)];
        if (bucket.Step != step)
            bucket.Start(step);
        bucket.Add((int)(seconds - ((uint)step * TimeGrid.StepSeconds)), state, values);
        if (step <= head.LastClosed)
        {
            WriteStep(ref head, step);
            Recount(ref head);
            changed = true;
        }
    }

    /// <summary>A sample older than its source's last 15 minutes: back-fill, or nothing.</summary>
    private Verdict FillEmpty(ref ServerHead head, int step, uint seconds, ServerState state, ReadOnlySpan<float> values, ref bool changed)
    {
        if (step <= head.LastClosed - Steps)
            return Verdict.TooOld;
        if (step > head.NewestStep - SourceSlot.Buckets)
        {
            if (_storage.Buckets(head.Storage)[step & (SourceSlot.Buckets - 1)].Step == step)
                return Verdict.TooLate;
            Accumulate(ref head, step, seconds, state, values, ref changed);
            return Verdict.Accepted;
        }

        var cell = (int)((uint)step % Steps);
        var row = _storage.Row(head.Storage, cell);
        ref var present = ref _storage.States(head.Storage)[cell];
        if (present != ServerState.Missing)
        {
            // a batch sent again after a lost answer: the same sample is a duplicate, not a late one
            return present == state && Same(row, values) ? Verdict.Duplicate : Verdict.TooLate;
        }

        values.CopyTo(row);
        present = state;
        head.FirstStep = Math.Min(head.FirstStep, step);
        Recount(ref head);
        changed = true;
        return Verdict.Accepted;
    }

    private static void TakeAsLast(ref ServerHead head, uint seconds, ServerState state, ReadOnlySpan<float> values)
    {
        // what a source does not measure another may have; but not from long ago
        if (seconds - head.LastRecord > SourceSlot.MaxLateSeconds)
            head.Last = MetricValues.Missing;
        for (var m = 0; m < Metrics; m++)
        {
            if (!float.IsNaN(values[m]))
                head.Last[m] = values[m];
        }

        head.LastRecord = seconds;
        head.State = state;
    }

    private static bool Same(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        for (var m = 0; m < Metrics; m++)
        {
            if (BitConverter.SingleToInt32Bits(a[m]) != BitConverter.SingleToInt32Bits(b[m]) && !(float.IsNaN(a[m]) && float.IsNaN(b[m])))
                return false;
        }

        return true;
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
