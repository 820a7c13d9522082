using Tft.Forecasting.Recipe.Base;

namespace Tft.Forecasting.Recipe.Bands;

/// <summary>
/// Counts, by knot, the least factor on a band with which it would have held what came: s = max((mid - y) / (mid - low), (y - mid) / (high - mid)), half a step of
/// the grid closer where the metric has one, since bands are rounded to it. So what any factor covers is known after one pass.
/// </summary>
internal sealed class BandTally
{
    /// <summary>No factor is less.</summary>
    public const float Least = 0.7f;

    /// <summary>No factor is more.</summary>
    public const float Most = 2;

    private const int PerUnit = 100;
    private const int Factors = 131;
    private const int Unit = 30;

    // [knots, factors and one for what no factor holds]
    private readonly long[] _counts = new long[LeadKnots.Count * (Factors + 1)];

    /// <summary>Adds what came, beside the quantiles at a knot, in order and not rounded.</summary>
    public void Add(int knot, float actual, float low, float mid, float high, float grid)
    {
        var slack = (grid / 2) + (1e-6f * Math.Max(1, Math.Abs(actual)));
        var needed = Math.Max(Needed(mid - actual - slack, mid - low), Needed(actual - mid - slack, high - mid));
        var index = needed <= Least ? 0 : needed > Most ? Factors : (int)Math.Ceiling(((needed - Least) * PerUnit) - 1e-3);
        _counts[(knot * (Factors + 1)) + index]++;
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(BandTally other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>Whether nothing was counted.</summary>
    public bool IsEmpty => !_counts.AsSpan().ContainsAnyExcept(0);

    /// <summary>Share that the bands hold as they come; 0 where nothing was counted.</summary>
    public double Covered(int knot)
    {
        var counts = At(knot);
        return Sum(counts[..(Unit + 1)]) / (double)Math.Max(1, Sum(counts));
    }

    /// <summary>The least factor with which a share of all is held, between <see cref="Least"/> and <see cref="Most"/>.</summary>
    public float LeastFor(int knot, double share)
    {
        var counts = At(knot);
        var wanted = share * Sum(counts);
        long held = 0;
        for (var i = 0; i < Factors; i++)
        {
            held += counts[i];
            if (held >= wanted)
                return MathF.Round(Least + (i / (float)PerUnit), 2);
        }

        return Most;
    }

    private static float Needed(float beyond, float half) => beyond <= 0 ? 0 : half > 0 ? beyond / half : float.PositiveInfinity;

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts)
            sum += count;
        return sum;
    }

    private ReadOnlySpan<long> At(int knot) => _counts.AsSpan(knot * (Factors + 1), Factors + 1);
}
