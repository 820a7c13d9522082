namespace Tft.Forecasting.Data;

/// <summary>The lengths on which data, recipe and evaluation agree, in steps of five minutes.</summary>
public static class Protocol
{
    /// <summary>Steps of a day.</summary>
    public const int Day = 288;

    /// <summary>Steps that are forecast: eight hours.</summary>
    public const int Horizon = 96;

    /// <summary>Steps that a forecast may look back on: a day.</summary>
    public const int Context = 288;

    /// <summary>First origin that is used for fitting.</summary>
    public const int LookBack = 300;

    /// <summary>Steps between two origins of the evaluation: an hour.</summary>
    public const int OriginStep = 12;

    /// <summary>The published quantiles.</summary>
    public static ReadOnlySpan<double> Quantiles => [0.1, 0.5, 0.9];

    /// <summary>The origins of the evaluation: the last observed steps, hourly from the end of the fit part on, all targets inside the series.</summary>
    public static int[] Origins(int steps, int fitSteps)
    {
        var origins = new List<int>();
        for (var o = fitSteps - 1; o < steps - Horizon; o += OriginStep)
            origins.Add(o);
        return [.. origins];
    }
}
