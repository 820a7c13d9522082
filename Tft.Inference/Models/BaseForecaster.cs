using Tft.Contract.Messages;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Fallback;

namespace Tft.Inference.Models;

/// <summary>A model without its networks: what the service falls back to once a day of a server is known. To compare with.</summary>
internal sealed class BaseForecaster(ServedModel model) : IForecaster
{
    private readonly ModelWorker _worker = new(model, states: null);

    public ModelInfo Model => model.Info with { Type = "fallback" };

    public void Forecast(ForecastBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (FallbackForecaster.ReasonOf(batch.Windows[i]) is { } reason && reason != FallbackReasons.SparseWindow)
            {
                batch.Notes[i] = new ForecastNote(reason);
                FallbackForecaster.Forecast(batch.Values(i), batch.Windows[i], batch.Facts[i], batch.Quantiles(i));
            }
            else
            {
                _worker.ForecastBase(batch, i, FallbackReasons.BetterHere);
            }
        }
    }
}
