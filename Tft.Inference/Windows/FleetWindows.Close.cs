using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Journal;
using Tft.Inference.Windows.Sources;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.Windows;

internal sealed partial class FleetWindows
{
    /// <summary>No record for so long: the server is dropped, and new when it comes back.</summary>
    public const uint RetireAfterSeconds = 7 * 86_400;

    /// <summary>Sources of one server that are told apart; beyond, the one that was silent longest is forgotten.</summary>
    private const int MaxSlots = 8;

    /// <summary>
    /// Closes the buckets whose grace is over. Called every second by the writer; live only: closing decides nothing over records,
    /// so replay need not repeat it.
    /// </summary>
    public void CloseDue(uint now)
    {
        foreach (var source in Sources.All)
            source.UpdateGrace();
        var count = Count;
        var server = 0;
        foreach (var chunk in _due.Chunks)
        {
            for (var i = 0; i < chunk.Length && server < count; i++, server++)
            {
                if (chunk[i] == 0 || chunk[i] > now)
                    continue;
                ref var head = ref _heads[server];
                BeginWrite(ref head);
                var closed = CloseWhatIsDue(server, ref head, now);
                EndWrite(ref head);
                if (closed)
                    _changes.Add(server);
            }
        }
    }

    /// <summary>The next server after <paramref name="server"/> that was silent for a week, or -1.</summary>
    public int NextToRetire(int server, uint now)
    {
        for (server++; server < Count; server++)
        {
            ref var head = ref _heads[server];
            if (head.Storage >= 0 && head.LastArrival + (ulong)RetireAfterSeconds <= now)
                return server;
        }

        return -1;
    }

    private ApplyResult ApplyRetire(ReadOnlySpan<byte> entry)
    {
        var records = Entry.Records(entry);
        while (records.Next())
        {
            var server = _names.Find(records.Name);
            var position = Position(Entry.Sequence(entry), records.Index);
            if (server < 0 || _heads[server].Storage < 0 || position <= _heads[server].Position)
                continue;
            ref var head = ref _heads[server];
            BeginWrite(ref head);
            SetCounts(ref head, 0, 0);
            _storage.Free(head.Storage);
            head.Storage = -1;
            head.Position = position;
            _due[server] = 0;
            EndWrite(ref head);
            _active--;
            _changes.Add(server);
        }

        return default;
    }

    /// <summary>The slot of a source, made if it is new.</summary>
    private ref SourceSlot Slot(int storage, Source source, uint seconds)
    {
        var number = (ushort)(source.Number + 1);
        ref var first = ref _storage.FirstSlot(storage);
        if (first.Source == number)
            return ref first;
        if (first.Source == 0)
        {
            first.Source = number;
            return ref first;
        }

        ref var more = ref _storage.Slots(storage);
        for (var i = 0; i < more.Length; i++)
        {
            if (more[i].Source == number)
                return ref more[i];
        }

        var at = more.Length;
        if (at >= MaxSlots - 1)
        {
            at = 0;
            for (var i = 1; i < more.Length; i++)
            {
                if (more[i].Arrived < more[at].Arrived)
                    at = i;
            }
        }
        else
        {
            more = [.. more, default];
        }

        more[at] = new SourceSlot { Source = number };
        return ref more[at];
    }

    /// <summary>Closes what every source that is still at it has gone beyond, or whose grace is over. True if a step closed.</summary>
    private bool CloseWhatIsDue(int server, ref ServerHead head, uint now)
    {
        if (head.Storage < 0 || head.NewestStep == 0)
            return false;
        var closable = head.NewestStep;
        var next = uint.MaxValue;
        Limit(ref _storage.FirstSlot(head.Storage), head.NewestStep, now, ref closable, ref next);
        foreach (ref var slot in _storage.Slots(head.Storage).AsSpan())
            Limit(ref slot, head.NewestStep, now, ref closable, ref next);
        var closed = CloseUpTo(ref head, closable);
        _due[server] = head.LastClosed >= head.NewestStep ? 0 : next;
        return closed;
    }

    private void Limit(ref SourceSlot slot, int newestStep, uint now, ref int closable, ref uint next)
    {
        // a source that fell behind all remembered buckets holds nobody up
        if (slot.Source == 0 || slot.NewestStep <= newestStep - SourceSlot.Buckets)
            return;
        var grace = Sources[slot.Source - 1].GraceSeconds;
        // the grace counts from the bucket's end, and from the last record: old data may still be pouring in
        var quietAt = Math.Max((long)slot.Arrived + Source.MinGraceSeconds, TimeGrid.StartSeconds(slot.NewestStep + 1) + grace);
        if (quietAt > now)
        {
            closable = Math.Min(closable, slot.NewestStep - 1);
            next = Math.Min(next, (uint)quietAt);
        }
        else
        {
            var over = (int)TimeGrid.StepOf(now - (long)grace) - 1;
            if (over >= newestStep)
                return;
            closable = Math.Min(closable, Math.Max(over, slot.NewestStep));
            next = Math.Min(next, (uint)(TimeGrid.StartSeconds(over + 2) + grace));
        }
    }

    /// <summary>Moves the window on to this step; buckets become its steps, gaps stay gaps. True if it moved.</summary>
    private bool CloseUpTo(ref ServerHead head, int step)
    {
        if (step <= head.LastClosed)
            return false;
        // beyond a whole window only what the buckets hold is left
        if (step - head.LastClosed > Steps)
        {
            HandOverAll(ref head);
            _storage.Rows(head.Storage).Fill(float.NaN);
            _storage.States(head.Storage).Fill(ServerState.Missing);
            var keep = Math.Max(step - Steps, head.LastClosed);
            foreach (ref var bucket in _storage.Buckets(head.Storage))
            {
                if (bucket.Step > head.LastClosed && bucket.Step <= keep)
                    head.FirstStep = Math.Min(head.FirstStep, bucket.Step);
            }

            head.LastClosed = keep;
        }

        while (head.LastClosed < step)
        {
            head.LastClosed++;
            HandOverDisplaced(ref head);
            WriteStep(ref head, head.LastClosed);
        }

        Recount(ref head);
        return true;
    }

    /// <summary>A bucket as a step of the window, or a gap.</summary>
    private void WriteStep(ref ServerHead head, int step)
    {
        var cell = (int)((uint)step % Steps);
        ref var bucket = ref _storage.Buckets(head.Storage)[step & (SourceSlot.Buckets - 1)];
        ref var state = ref _storage.States(head.Storage)[cell];
        var row = _storage.Row(head.Storage, cell);
        if (bucket.Step != step)
        {
            row.Fill(float.NaN);
            state = ServerState.Missing;
            return;
        }

        bucket.Write(row);
        state = bucket.State;
        head.FirstStep = Math.Min(head.FirstStep, step);
    }

    private void Recount(ref ServerHead head)
    {
        var known = head.FirstStep == int.MaxValue ? 0 : Math.Clamp(head.LastClosed - head.FirstStep + 1, 0, Steps);
        var states = System.Runtime.InteropServices.MemoryMarshal.AsBytes(_storage.States(head.Storage));
        SetCounts(ref head, known, Steps - states.Count((byte)ServerState.Missing));
    }

    private void SetCounts(ref ServerHead head, int known, int measured)
    {
        Volatile.Write(ref _closedSteps, _closedSteps + known - head.KnownSteps);
        Volatile.Write(ref _ready, _ready + (IsReady(known, measured) ? 1 : 0) - (IsReady(head.KnownSteps, head.MeasuredSteps) ? 1 : 0));
        head.KnownSteps = (short)known;
        head.MeasuredSteps = (short)measured;
    }

    private static bool IsReady(int known, int measured) => known == Steps && measured >= ReadySteps;
}
