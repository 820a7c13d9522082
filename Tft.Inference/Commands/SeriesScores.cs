using Tft.Forecasting.Data;
using Tft.Forecasting.Evaluation;

namespace Tft.Inference.Commands;

/// <summary>Forecasts and scores many servers, several at a time.</summary>
internal static class SeriesScores
{
    /// <param name="series">The servers.</param>
    /// <param name="forecaster">Forecasts one of them at the origins of the protocol.</param>
    /// <param name="threads">Servers at a time.</param>
    /// <param name="output">Folder to which the forecasts are written; null for none.</param>
    /// <exception cref="InvalidDataException">Nothing of a server is left to forecast, or its forecast is refused.</exception>
    public static ServerScore[] Of(IReadOnlyList<ServerSeries> series, Func<ServerSeries, QuantileForecast> forecaster, int threads, string? output)
    {
        if (series.FirstOrDefault(s => s.FitSteps >= s.Steps - Protocol.Horizon) is { } whole)
            throw new InvalidDataException($"{whole.Name}: all of it is of the fit part; there is nothing to forecast.");
        if (output is not null)
            Directory.CreateDirectory(output);
        var scores = new ServerScore[series.Count];
        try
        {
            Parallel.For(0, series.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            {
                var forecast = forecaster(series[i]);
                if (output is not null)
                    ForecastFile.Write(Path.Combine(output, series[i].Name + ".safetensors"), forecast);
                scores[i] = ServerScore.Of(series[i], forecast);
            });
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is InvalidDataException first)
        {
            // what is wrong with the data, as one server alone would say it
            throw new InvalidDataException(first.Message, e);
        }

        return scores;
    }
}
