using Tft.Forecasting.Baselines;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Evaluation;

/// <summary>How the forecasts of one server did, beside seasonal naive.</summary>
/// <param name="Name">The server.</param>
/// <param name="Metrics">Names of the metrics that count.</param>
/// <param name="Forecast">[metrics, 96] sums of the forecast.</param>
/// <param name="Naive">[metrics, 96] sums of seasonal naive.</param>
/// <param name="DailyChange">In-sample error of seasonal naive, by metric: the unit of widths.</param>
/// <param name="Crossed">Cells in which the quantiles cross.</param>
public sealed record ServerScore(string Name, IReadOnlyList<string> Metrics, ScoreSums[,] Forecast, ScoreSums[,] Naive, double[] DailyChange, int Crossed)
{
    /// <summary>Scores the forecast of a server at the origins of the protocol, or at the given ones.</summary>
    /// <exception cref="InvalidDataException">The forecast has another shape than asked for, or is not finite.</exception>
    public static ServerScore Of(ServerSeries series, QuantileForecast forecast, IReadOnlyList<int>? origins = null)
    {
        origins ??= Protocol.Origins(series.Steps, series.FitSteps);
        if (forecast.Origins != origins.Count || forecast.Metrics != series.Metrics)
            throw new InvalidDataException($"{series.Name}: the forecast has {forecast.Origins} origins and {forecast.Metrics} metrics, expected {origins.Count} and {series.Metrics}.");
        if (Array.Exists(forecast.Values, v => !float.IsFinite(v)))
            throw new InvalidDataException($"{series.Name}: the forecast has NaN or infinity.");
        var kept = MetricSelection.Kept(series);
        var naive = SeasonalNaive.Forecast(series, origins);
        var (ours, theirs) = (new ScoreSums[kept.Length, Protocol.Horizon], new ScoreSums[kept.Length, Protocol.Horizon]);
        var crossed = 0;
        for (var k = 0; k < kept.Length; k++)
        {
            for (var e = 0; e < origins.Count; e++)
            {
                for (var lead = 0; lead < Protocol.Horizon; lead++)
                {
                    var actual = (double)series.Values[kept[k]][origins[e] + 1 + lead];
                    var q = forecast.At(e, lead, kept[k]);
                    ours[k, lead].Add(actual, q);
                    theirs[k, lead].Add(actual, naive.At(e, lead, kept[k]));
                    crossed += q[0] > q[1] || q[1] > q[2] ? 1 : 0;
                }
            }
        }

        return new ServerScore(series.Name, [.. kept.Select(m => series.MetricNames[m])], ours, theirs,
            [.. kept.Select(m => MetricSelection.DailyChange(series.Values[m].AsSpan(0, series.FitSteps)))], crossed);
    }
}
