using Tft.Forecasting.Data;
using Tft.Forecasting.Network;

namespace Tft.Forecasting.Recipe.Corrections;

/// <summary>A network that corrects the base: quantiles in units of U, to be added to the residual quantiles B.</summary>
internal interface IResidualNetwork
{
    /// <summary>Inputs of the past that it takes: the first so many of the recipe's.</summary>
    int Past => NetworkInputs.Past;

    /// <summary>The next so many leads are corrected.</summary>
    int Leads => Protocol.Horizon;

    /// <summary>Inputs of the future that it takes: the first so many of the recipe's.</summary>
    int Future => NetworkInputs.Future;

    /// <summary>Corrects a batch of windows.</summary>
    /// <param name="windows">Number of windows n.</param>
    /// <param name="anomaly">[n, 96] asinh anomalies.</param>
    /// <param name="past">[n, 96, past] further inputs of the past.</param>
    /// <param name="future">[n, 96, future] inputs of the future.</param>
    /// <param name="corrections">[n, leads, 3] receives the corrections.</param>
    void Correct(int windows, ReadOnlySpan<float> anomaly, ReadOnlySpan<float> past, ReadOnlySpan<float> future, Span<float> corrections);

    /// <summary>Copies what a network sees of some windows to its batch: all, or the newest steps and the next leads.</summary>
    static void Gather(int windows, ReadOnlySpan<float> anomaly, ReadOnlySpan<float> past, ReadOnlySpan<float> future, WindowBatch batch)
    {
        var c = batch.Config;
        var (skip, leads) = (NetworkInputs.Encoder - c.Encoder, c.Decoder * c.Future);
        for (var w = 0; w < windows; w++)
        {
            anomaly.Slice((w * NetworkInputs.Encoder) + skip, c.Encoder).CopyTo(batch.Metrics.AsSpan(w * c.Encoder));
            past.Slice(((w * NetworkInputs.Encoder) + skip) * c.Past, c.Encoder * c.Past).CopyTo(batch.Past.AsSpan(w * c.Encoder * c.Past));
            future.Slice(w * Protocol.Horizon * c.Future, leads).CopyTo(batch.Future.AsSpan(w * leads));
        }

        batch.Count = windows;
    }
}
