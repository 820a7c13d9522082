using Tft.Contract.Messages;

namespace Tft.Inference.Forecasts.Quality;

/// <summary>What came of some forecasts, as sums that can be added up.</summary>
internal struct OutcomeSums
{
    public long Count;
    public long Covered;
    public double Error;
    public double NaiveError;

    public void Add(in OutcomeSums other)
    {
        Count += other.Count;
        Covered += other.Covered;
        Error += other.Error;
        NaiveError += other.NaiveError;
    }

    /// <summary>Coverage of the 80 % band, and skill = 1 - mean absolute error of p50 / that of seasonal naive.</summary>
    public readonly QualityFigures Figures => new(
        Count,
        Count > 0 ? Math.Round((double)Covered / Count, 3) : null,
        NaiveError > 0 ? Math.Round(1 - (Error / NaiveError), 3) : null);
}
