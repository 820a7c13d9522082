using Tft.Contract.Messages;
using Tft.Inference.Forecasts.Past;
using Tft.Inference.LongHistory;

namespace Tft.Inference.State;

/// <summary>What GET /status says of history and states.</summary>
internal sealed class HistoryReport(PastStore past, ForecastLog forecasts, HistoryOptions options, StateBook book, StateFile file, StateRenewal renewal, StateTelemetry telemetry)
{
    public HistoryInfo Make()
    {
        // its gauges are read by whoever collects them; it only has to be there
        _ = telemetry;
        var tally = renewal.Tally;
        return new HistoryInfo
        {
            Days = options.Days,
            Servers = past.Servers,
            Bytes = past.Bytes,
            Waiting = past.Waiting,
            Lost = past.Lost,
            Fault = past.Fault ?? forecasts.Fault ?? file.Fault,
            States = book.Servers,
            StateBytes = book.Bytes,
            StatesOfAllDays = tally.AllDays,
            StatesOfFewerDays = tally.FewDays,
            WithoutState = tally.WithoutState,
            Due = tally.Due,
            LagS = tally.LagSeconds,
            Renewals = renewal.Renewals,
        };
    }
}
