using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Layers;

namespace Tft.Forecasting.Network.Buffers;

/// <summary>Gathers a window's scalars, step by step, in the order of the selection networks' variables.</summary>
internal sealed unsafe class InputRows
{
    private readonly TftConfig _c;
    private readonly nint _history, _future;

    public InputRows(Plan plan, TftConfig c, int windows)
    {
        _c = c;
        _history = plan.Tape.Take((nint)windows * c.Encoder * HistoryRow);
        _future = plan.Tape.Take((nint)windows * c.Decoder * FutureRow);
    }

    private int HistoryRow => Panels.Pad(_c.Known + _c.Metrics + _c.Past);

    private int FutureRow => Panels.Pad(_c.Known + _c.Future);

    /// <summary>Copies window <paramref name="from"/> of a batch to place <paramref name="window"/> on the tape.</summary>
    public void Gather(in Pass p, WindowBatch batch, int from, int window)
    {
        for (var t = 0; t < _c.Encoder; t++)
        {
            var row = new Span<float>(p.Tape + _history + ((((nint)window * _c.Encoder) + t) * HistoryRow), HistoryRow);
            Take(batch.Known, (from * _c.Steps) + t, _c.Known, ref row);
            Take(batch.Metrics, (from * _c.Encoder) + t, _c.Metrics, ref row);
            Take(batch.Past, (from * _c.Encoder) + t, _c.Past, ref row);
        }

        for (var t = 0; t < _c.Decoder; t++)
        {
            var row = new Span<float>(p.Tape + _future + ((((nint)window * _c.Decoder) + t) * FutureRow), FutureRow);
            Take(batch.Known, (from * _c.Steps) + _c.Encoder + t, _c.Known, ref row);
            Take(batch.Future, (from * _c.Decoder) + t, _c.Future, ref row);
        }
    }

    /// <summary>The history inputs of a window that was gathered.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="window">Its place on the tape.</param>
    /// <param name="observed">[E, O] of the window.</param>
    public SelectionInput History(in Pass p, int window, int* observed) => new()
    {
        Scalars = p.Tape + _history + ((nint)window * _c.Encoder * HistoryRow),
        ScalarRow = HistoryRow,
        Categories = observed,
        CategoryRow = _c.ObservedSizes.Length,
    };

    /// <summary>The future inputs of a window that was gathered.</summary>
    public SelectionInput Future(in Pass p, int window) => new()
    {
        Scalars = p.Tape + _future + ((nint)window * _c.Decoder * FutureRow),
        ScalarRow = FutureRow,
    };

    private static void Take(float[] source, int step, int columns, ref Span<float> row)
    {
        source.AsSpan(step * columns, columns).CopyTo(row);
        row = row[columns..];
    }
}
