using Tft.Forecasting.Engines;
using Tft.Forecasting.Network;
using Tft.Forecasting.Recipe.Corrections;

namespace Tft.Forecasting.Models;

/// <summary>The recipe's network on an engine: buffers of its own, a network that others may use at the same time.</summary>
internal sealed class EngineCorrection : IResidualNetwork
{
    private readonly IForecastModel _model;
    private readonly WindowBatch _batch;

    /// <param name="model">The network; the caller disposes it.</param>
    /// <param name="batch">The most windows of a call.</param>
    /// <param name="explains">Whether <see cref="Explanation"/> is kept.</param>
    public EngineCorrection(IForecastModel model, int batch, bool explains = false)
    {
        _model = model;
        _batch = new WindowBatch(model.Config, batch);
        Explanation = explains ? new Explanation(model.Config, batch) : null;
    }

    /// <summary>Selection weights and attention of the last call.</summary>
    public Explanation? Explanation { get; }

    /// <inheritdoc />
    public int Past => _model.Config.Past;

    /// <inheritdoc />
    public int Future => _model.Config.Future;

    /// <inheritdoc />
    public int Leads => _model.Config.Decoder;

    /// <inheritdoc />
    public void Correct(int windows, ReadOnlySpan<float> anomaly, ReadOnlySpan<float> past, ReadOnlySpan<float> future, Span<float> corrections)
    {
        if (windows == 0)
            return;
        IResidualNetwork.Gather(windows, anomaly, past, future, _batch);
        _model.Forecast(_batch, corrections, Explanation);
    }
}
