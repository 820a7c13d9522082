using System.Diagnostics.Metrics;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.LongHistory;

namespace Tft.Inference.State;

/// <summary>Metrics of history and states, in the forecaster's meter.</summary>
internal sealed class StateTelemetry
{
    public StateTelemetry(IMeterFactory meters, PastStore past, ForecastLog forecasts, StateBook book, StateRenewal renewal)
    {
        var meter = meters.Create(ForecastTelemetry.MeterName);
        meter.CreateObservableGauge("tft.history.bytes", () => past.Bytes, "By", "Bytes of history on disk.");
        meter.CreateObservableGauge("tft.history.servers", () => past.Servers, "{server}", "Servers of which history is kept.");
        meter.CreateObservableCounter("tft.history.lost", () => past.Lost, "{stretch}", "Stretches of six hours that could not be kept.");
        meter.CreateObservableCounter("tft.history.forecasts.lost", () => forecasts.Lost, "{forecast}", "Forecasts that could not be kept for comparison.");
        meter.CreateObservableGauge("tft.state.servers", () => book.Servers, "{server}", "Servers with a state from weeks.");
        meter.CreateObservableGauge("tft.state.bytes", () => book.Bytes, "By", "Bytes of states in memory.");
        meter.CreateObservableGauge("tft.state.lag", () => renewal.Tally.LagSeconds, "s", "How long the state that waits longest has been due.");
        meter.CreateObservableCounter("tft.state.renewals", () => renewal.Renewals, "{server}", "States renewed.");
    }
}
