using Tft.Forecasting.Data;

namespace Tft.Forecasting.Evaluation;

/// <summary>What is summed over the origins of one metric at one lead.</summary>
public struct ScoreSums
{
    /// <summary>Sum of the three pinball losses.</summary>
    public double Pinball { get; private set; }

    /// <summary>Sum of the absolute errors of p50.</summary>
    public double AbsoluteError { get; private set; }

    /// <summary>Values inside [p10, p90].</summary>
    public double Covered { get; private set; }

    /// <summary>Sum of p90 - p10.</summary>
    public double Width { get; private set; }

    /// <summary>Values that were measured.</summary>
    public double Count { get; private set; }

    /// <summary>Adds a measured value; a gap is left out.</summary>
    public void Add(double actual, ReadOnlySpan<float> quantiles)
    {
        if (double.IsNaN(actual))
            return;
        for (var q = 0; q < quantiles.Length; q++)
        {
            var error = actual - quantiles[q];
            Pinball += Math.Max(Protocol.Quantiles[q] * error, (Protocol.Quantiles[q] - 1) * error);
        }

        // the data is rounded and forecasts are single precision
        var slack = 1e-6 * Math.Max(1, Math.Abs(actual));
        AbsoluteError += Math.Abs(actual - quantiles[1]);
        Covered += actual >= quantiles[0] - slack && actual <= quantiles[2] + slack ? 1 : 0;
        Width += (double)quantiles[2] - quantiles[0];
        Count++;
    }

    /// <summary>Adds the sums of another lead or origin.</summary>
    public void Add(in ScoreSums other)
    {
        Pinball += other.Pinball;
        AbsoluteError += other.AbsoluteError;
        Covered += other.Covered;
        Width += other.Width;
        Count += other.Count;
    }
}
