using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Contract.Time;
using Tft.Inference.Windows.Sources;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.Windows;

internal sealed partial class FleetWindows
{
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
