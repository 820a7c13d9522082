using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>
/// What a day says of jobs that run once in a period: how far the steps that are whole periods before a step were off the mean of the period about each. So nobody
/// has to know the minute at which a job runs, only how often.
/// </summary>
internal readonly ref struct PeriodEffects
{
    /// <summary>Numbers that the sums take.</summary>
    public const int Room = Protocol.Context + 1;

    private const int Newest = Protocol.Context - 1;
    private readonly ReadOnlySpan<float> _values;
    private readonly Span<float> _sums;

    /// <param name="values">[288] without gaps, oldest first.</param>
    /// <param name="sums">[<see cref="Room"/>] is filled.</param>
    public PeriodEffects(ReadOnlySpan<float> values, Span<float> sums)
    {
        _values = values;
        _sums = sums;
        // from the newest value, so that a metric far from zero loses no digits
        sums[0] = 0;
        for (var i = 0; i < values.Length; i++)
            sums[i + 1] = sums[i] + (values[i] - values[Newest]);
    }

    /// <summary>The mean, over the day, of how far such steps were off their surroundings; in the metric's units.</summary>
    /// <param name="ahead">Steps after the newest one; 0 is that one.</param>
    /// <param name="period">Steps of a period.</param>
    public float Of(int ahead, int period)
    {
        var (t, half) = (Newest + ahead, period / 2);
        while (t > Newest - period + half)
            t -= period;
        var (sum, seen) = (0f, 0);
        for (; t >= half; t -= period)
        {
            sum += _values[t] - _values[Newest] - ((_sums[t - half + period] - _sums[t - half]) / period);
            seen++;
        }

        return seen == 0 ? 0 : sum / seen;
    }

    /// <summary>The value whole periods before a step, the given number of them or, where that has not been measured yet, as many more as it takes.</summary>
    public float Before(int ahead, int period, int periods)
    {
        var t = Newest + ahead - (period * periods);
        while (t > Newest)
            t -= period;
        return _values[t];
    }
}
