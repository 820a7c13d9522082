using System.Runtime.CompilerServices;
using Tft.Contract.Time;

namespace Tft.Inference.Windows.Sources;

/// <summary>How far one source is with one server, and which seconds of its last four buckets it has sent: one bit each.</summary>
internal struct SourceSlot
{
    /// <summary>Buckets whose seconds are remembered; also how far back a bucket can be opened again.</summary>
    public const int Buckets = 4;

    /// <summary>Late by more than this, a record can only fill an empty bucket.</summary>
    public const int MaxLateSeconds = 900;

    private const int WordsPerBucket = (TimeGrid.StepSeconds + 63) / 64;

    /// <summary>Number in <see cref="SourceTable"/> + 1; 0 for a free slot.</summary>
    public ushort Source;

    /// <summary>Newest timestamp, Unix time.</summary>
    public uint Newest;

    /// <summary>When its last record came, Unix time.</summary>
    public uint Arrived;
    public Bits Seen;

    public readonly int NewestStep => (int)(Newest / TimeGrid.StepSeconds);

    /// <summary>True if this second was sent before; seconds that are no longer remembered were not.</summary>
    public readonly bool Has(uint seconds)
    {
        var (step, word, bit) = Locate(seconds);
        return step > NewestStep - Buckets && step <= NewestStep && (Seen[word] & bit) != 0;
    }

    /// <summary>Remembers a second of the last four buckets; a newer one moves them on.</summary>
    public void Set(uint seconds)
    {
        var (step, word, bit) = Locate(seconds);
        var newest = NewestStep;
        if (seconds > Newest)
        {
            for (var s = Math.Max(newest + 1, step - Buckets + 1); s <= step; s++)
                ((Span<ulong>)Seen).Slice((s & (Buckets - 1)) * WordsPerBucket, WordsPerBucket).Clear();
            Newest = seconds;
        }
        else if (step <= newest - Buckets)
        {
            return;
        }

        Seen[word] |= bit;
    }

    private static (int Step, int Word, ulong Bit) Locate(uint seconds)
    {
        var step = (int)(seconds / TimeGrid.StepSeconds);
        var second = (int)(seconds - ((uint)step * TimeGrid.StepSeconds));
        return (step, ((step & (Buckets - 1)) * WordsPerBucket) + (second >> 6), 1UL << (second & 63));
    }

    [InlineArray(Buckets * WordsPerBucket)]
    internal struct Bits
    {
        private ulong _first;
    }
}
