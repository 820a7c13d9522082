using Tft.Contract.Messages;

namespace Tft.Inference.Forecasts;

/// <summary>Turns windows into quantiles. Called by one thread at a time.</summary>
internal interface IForecaster
{
    /// <summary>What forecasts now, as /predict and /status show it.</summary>
    ModelInfo Model { get; }

    /// <summary>Servers of a batch that it is given at most.</summary>
    int BatchSize => ForecastBatch.UsualCapacity;

    /// <summary>
    /// Fills <see cref="ForecastBatch.Quantiles"/> and <see cref="ForecastBatch.Notes"/> for every server of the batch:
    /// p10 &lt;= p50 &lt;= p90, each inside its metric's range.
    /// </summary>
    void Forecast(ForecastBatch batch);
}
