using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;
using Tft.Forecasting.Network.Layers;

namespace Tft.Forecasting.Network.Incremental;

/// <summary>The history selection of one window from a <see cref="StepMemory"/>: only the steps that it does not hold are computed.</summary>
internal sealed unsafe class HistoryRecall
{
    private readonly TftConfig _c;
    private readonly VariableSelection _selection;
    private readonly nint _scalars, _categories, _missing, _hashes, _selected;
    private readonly int _width;

    public HistoryRecall(Plan plan, TftConfig c, VariableSelection selection)
    {
        (_c, _selection, _width) = (c, selection, Panels.Pad(c.Hidden));
        _scalars = plan.Tape.Take((nint)c.Encoder * Panels.Pad(c.Known + c.Metrics + c.Past));
        _categories = plan.Tape.Take((nint)c.Encoder * c.ObservedSizes.Length);
        (_missing, _hashes) = (plan.Tape.Take(c.Encoder), plan.Tape.Take(2 * c.Encoder));
        _selected = plan.Tape.Take((nint)c.Encoder * _width);
    }

    /// <summary>selected [E, H padded] of one window.</summary>
    /// <param name="p">The pass.</param>
    /// <param name="input">The window's inputs.</param>
    /// <param name="window">Its place on the tape.</param>
    /// <param name="statics">[S].</param>
    /// <param name="entry">The server's memory.</param>
    /// <param name="origin">Number of the window's last step of the past, on a grid that does not move.</param>
    /// <param name="selected">Where the vectors go.</param>
    /// <returns>Steps that had to be computed.</returns>
    public int Select(in Pass p, in SelectionInput input, int window, ReadOnlySpan<int> statics, StepMemory.Entry entry, long origin, float* selected)
    {
        int steps = _c.Encoder, o = _c.ObservedSizes.Length, scalars = _c.Known + _c.Metrics + _c.Past, count = 0;
        var missing = (int*)(p.Tape + _missing);
        var hashes = (ulong*)(p.Tape + _hashes);
        for (var t = 0; t < steps; t++)
        {
            var slot = Slot(origin, t);
            var hash = StepMemory.Hash(
                new ReadOnlySpan<float>(input.Scalars + (t * input.ScalarRow), scalars), new ReadOnlySpan<int>(input.Categories + (t * input.CategoryRow), o), statics);
            if (entry.Hashes[slot] == hash)
            {
                entry.Selected.AsSpan(slot * _width, _width).CopyTo(new Span<float>(selected + ((nint)t * _width), _width));
                continue;
            }

            missing[count++] = t;
            hashes[t] = hash;
        }

        if (count == 0)
        {
            return 0;
        }

        var rows = Compact(p, input, missing, count);
        _selection.Select(p, rows, window, count, p.Tape + _selected);
        for (var i = 0; i < count; i++)
        {
            var (t, slot) = (missing[i], Slot(origin, missing[i]));
            var vector = new ReadOnlySpan<float>(p.Tape + _selected + ((nint)i * _width), _width);
            vector.CopyTo(new Span<float>(selected + ((nint)t * _width), _width));
            vector.CopyTo(entry.Selected.AsSpan(slot * _width, _width));
            entry.Hashes[slot] = hashes[t];
        }

        return count;
    }

    private int Slot(long origin, int step) => (int)(((((origin - _c.Encoder + 1 + step) % _c.Encoder) + _c.Encoder)) % _c.Encoder);

    private SelectionInput Compact(in Pass p, in SelectionInput input, int* missing, int count)
    {
        var categories = (int*)(p.Tape + _categories);
        for (var i = 0; i < count; i++)
        {
            new ReadOnlySpan<float>(input.Scalars + (missing[i] * input.ScalarRow), (int)input.ScalarRow)
                .CopyTo(new Span<float>(p.Tape + _scalars + (i * input.ScalarRow), (int)input.ScalarRow));
            for (var o = 0; o < input.CategoryRow; o++)
            {
                categories[(i * input.CategoryRow) + o] = input.Categories[(missing[i] * input.CategoryRow) + o];
            }
        }

        return new SelectionInput { Scalars = p.Tape + _scalars, ScalarRow = input.ScalarRow, Categories = categories, CategoryRow = input.CategoryRow };
    }
}
