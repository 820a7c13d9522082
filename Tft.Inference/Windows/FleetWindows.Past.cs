using Tft.Contract.Servers;
using Tft.Inference.Journal;
using Tft.Inference.Windows.Storage;

namespace Tft.Inference.Windows;

internal sealed partial class FleetWindows
{
    /// <summary>
    /// At which steps a server hands its past over, modulo 72: by a hash of the name that never changes, so that the fleet's are spread over six hours and a replay
    /// hands over the same steps again.
    /// </summary>
    private static byte PhaseOf(ReadOnlySpan<byte> name) => (byte)(Crc32C.Compute(name) / Partitions.Count % IPastSteps.Steps);

    /// <summary>
    /// The step that a newly closed one displaces leaves for good. Where a stretch of 72 begins with it, the whole stretch is handed over: corrections that came
    /// within 18 hours are in it.
    /// </summary>
    private void HandOverDisplaced(ref ServerHead head)
    {
        var leaving = head.LastClosed - Steps;
        if (past is not null && (uint)(leaving - head.Phase) % IPastSteps.Steps == 0)
            HandOver(ref head, leaving, head.LastClosed - 1);
    }

    /// <summary>All steps of the window leave: it moves on by more than a day.</summary>
    private void HandOverAll(ref ServerHead head)
    {
        if (past is null)
            return;
        var oldest = head.LastClosed - Steps + 1;
        var first = oldest + (int)((uint)(head.Phase + IPastSteps.Steps - (int)((uint)oldest % IPastSteps.Steps)) % IPastSteps.Steps);
        for (; first <= head.LastClosed; first += IPastSteps.Steps)
            HandOver(ref head, first, head.LastClosed);
    }

    private void HandOver(ref ServerHead head, int first, int newest)
    {
        var states = _storage.States(head.Storage);
        var measured = false;
        for (var step = first; step < first + IPastSteps.Steps && step <= newest; step++)
            measured |= states[(int)((uint)step % Steps)] != ServerState.Missing;
        if (!measured || past!.Room() is not { } rows)
            return;
        for (var i = 0; i < IPastSteps.Steps; i++)
        {
            var row = rows.AsSpan(i * Metrics, Metrics);
            if (first + i <= newest)
                _storage.Row(head.Storage, (int)((uint)(first + i) % Steps)).CopyTo(row);
            else
                row.Fill(float.NaN);
        }

        past.Take(head.Number, first, rows);
    }
}
