using System.Runtime.CompilerServices;

namespace Tft.Contract.Records;

/// <summary>
/// Where the fields of the record before stood in the text. A sender writes every record alike, so comparing the next name with the one
/// that stood at the same place finds its field without a look-up.
/// </summary>
internal struct FieldOrder
{
    private const int Capacity = 32;

    private Entries _entries;
    private int _count;

    /// <summary>The <paramref name="position"/>-th field of the record before.</summary>
    public readonly bool TryGet(int position, out int start, out int length, out int field)
    {
        if ((uint)position >= (uint)_count)
        {
            (start, length, field) = (0, 0, 0);
            return false;
        }

        // a name with escapes is not remembered and leaves its place empty
        var entry = _entries[position];
        (start, length, field) = (entry.Start, entry.Length, entry.Field);
        return length > 0;
    }

    /// <param name="position">Of the field in its record.</param>
    /// <param name="start">Of its name in the text, quotes included.</param>
    /// <param name="length">Of its name, quotes included.</param>
    /// <param name="field">What it is.</param>
    public void Set(int position, int start, int length, int field)
    {
        if (position >= Capacity)
            return;
        _entries[position] = new Entry(start, (short)Math.Min(length, short.MaxValue), (short)field);
        _count = position + 1;
    }

    private readonly record struct Entry(int Start, short Length, short Field);

    [InlineArray(Capacity)]
    private struct Entries
    {
        private Entry _first;
    }
}
