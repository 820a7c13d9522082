namespace Tft.Forecasting.Baselines;

/// <summary>A method that says one value for each lead, as the tools do that operators know.</summary>
public interface IPointForecaster
{
    /// <summary>What it is called in tables.</summary>
    string Name { get; }

    /// <summary>Forecasts one metric at some origins.</summary>
    /// <param name="x">[steps] the metric, NaN where nothing was measured. What follows an origin must not be looked at for it, what follows <paramref name="fit"/> for nothing that is fitted.</param>
    /// <param name="fit">Steps that may be fitted on.</param>
    /// <param name="origins">The last known steps, ascending.</param>
    /// <param name="into">[origins, 96] the forecast, in the metric's unit; NaN where nothing can be said.</param>
    void Forecast(ReadOnlySpan<float> x, int fit, ReadOnlySpan<int> origins, Span<float> into);
}
