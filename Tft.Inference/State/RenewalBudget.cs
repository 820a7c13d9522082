namespace Tft.Inference.State;

/// <summary>A share of one core: seconds that renewal may take, saved up while it does nothing, for half a minute of work at most.</summary>
internal sealed class RenewalBudget(double share, TimeProvider time)
{
    private const double MostSeconds = 30;
    private const double Forgetting = 0.2;

    private double _seconds = MostSeconds;
    private long _last = time.GetTimestamp();

    /// <summary>What learning tables and coefficients of a server has cost lately, s.</summary>
    public double FullCost { get; private set; }

    /// <summary>What learning the tables alone has cost lately, s.</summary>
    public double TablesCost { get; private set; }

    /// <summary>True while there is something left.</summary>
    public bool Allows => Left() > 0;

    /// <summary>True if it reaches for coefficients too.</summary>
    public bool AllowsCoefficients => Left() > FullCost;

    public void SpendOnAll(double seconds) => FullCost = Spend(seconds, FullCost);

    public void SpendOnTables(double seconds) => TablesCost = Spend(seconds, TablesCost);

    private double Spend(double seconds, double before)
    {
        _seconds -= seconds;
        return before == 0 ? seconds : before + (Forgetting * (seconds - before));
    }

    private double Left()
    {
        var now = time.GetTimestamp();
        _seconds = Math.Min(MostSeconds, _seconds + (share * time.GetElapsedTime(_last, now).TotalSeconds));
        _last = now;
        return _seconds;
    }
}
