namespace Tft.Forecasting.Recipe;

/// <summary>A network that corrects the base: quantiles in units of U, to be added to the residual quantiles B.</summary>
internal interface IResidualNetwork
{
    /// <summary>Inputs of the past that it takes: the first so many of the recipe's.</summary>
    int Past => NetworkInputs.Past;

    /// <summary>Inputs of the future that it takes: the first so many of the recipe's.</summary>
    int Future => NetworkInputs.Future;

    /// <summary>Corrects a batch of windows.</summary>
    /// <param name="windows">Number of windows n.</param>
    /// <param name="anomaly">[n, 96] asinh anomalies.</param>
    /// <param name="past">[n, 96, past] further inputs of the past.</param>
    /// <param name="future">[n, 96, future] inputs of the future.</param>
    /// <param name="corrections">[n, 96, 3] receives the corrections.</param>
    void Correct(int windows, ReadOnlySpan<float> anomaly, ReadOnlySpan<float> past, ReadOnlySpan<float> future, Span<float> corrections);
}
