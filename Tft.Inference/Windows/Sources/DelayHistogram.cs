namespace Tft.Inference.Windows.Sources;

/// <summary>Delays of the recent past: cells of 1 s up to 64 s, then of 16 s; what is older weighs less with every thousand samples.</summary>
internal sealed class DelayHistogram
{
    private const int Fine = 64;
    private const int CoarseSeconds = 16;
    private const int Half = 4_096;

    private readonly int[] _cells = new int[Fine + (SourceSlot.MaxLateSeconds / CoarseSeconds) + 1];
    private int _total;

    /// <param name="seconds">0 to 900.</param>
    public void Add(int seconds)
    {
        _cells[Cell(seconds)]++;
        if (++_total < Half)
            return;
        _total = 0;
        for (var i = 0; i < _cells.Length; i++)
            _total += _cells[i] >>= 1;
    }

    /// <summary>Upper bound in seconds of the cell in which this share is reached; 0 without samples.</summary>
    public int Quantile(double share)
    {
        var wanted = share * _total;
        var sum = 0;
        for (var i = 0; i < _cells.Length && _total > 0; i++)
        {
            sum += _cells[i];
            if (sum >= wanted)
                return i < Fine ? i + 1 : Math.Min(SourceSlot.MaxLateSeconds, Fine + ((i - Fine + 1) * CoarseSeconds));
        }

        return 0;
    }

    private static int Cell(int seconds) => seconds < Fine ? seconds : Fine + ((seconds - Fine) / CoarseSeconds);
}
