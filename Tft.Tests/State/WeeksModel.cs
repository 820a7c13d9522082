using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Forecasting.Recipe;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Models;

namespace Tft.Tests.State;

/// <summary>A model with pooled parts that were really fitted, on synthetic servers of the contract's metrics; its networks learned nothing, so it is the base.</summary>
internal static class WeeksModel
{
    /// <summary>Metrics that move; uptime is a clock.</summary>
    public const int Metrics = 13;

    private static readonly Lazy<ForecastModel> s_model = new(() =>
    {
        var tiny = TinyModel.Make();
        ServerSeries[] servers = [.. Enumerable.Range(50, 3).Select(seed => Series(seed, days: 10))];
        return tiny with { Recipe = RecipeFit.Pooled([.. servers.Select(s => s with { FitSteps = s.Steps })], tiny.Config.Recipe) };
    });

    public static ForecastModel Model => s_model.Value;

    /// <summary>A server with a daily shape, noise and two decimals, from midnight on.</summary>
    public static ServerSeries Series(int seed, int days, double gaps = 0)
    {
        var series = SyntheticSeries.Create(seed, Metrics, days, days, gaps);
        return series with
        {
            Values = [.. series.Values.Select(column => column.Select(v => (float)Math.Round(v * 100.0, 2)).ToArray())],
            FirstStep = LongHistory.PastRig.FirstStep,
        };
    }
}
