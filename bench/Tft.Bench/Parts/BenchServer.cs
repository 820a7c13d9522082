using Tft.Contract.Metrics;
using Tft.Forecasting.Data;
using Tft.Forecasting.Models;
using Tft.Inference.Forecasts;

namespace Tft.Bench.Parts;

/// <summary>A server that is made up: two weeks, the last day as the service holds it, and room for a forecast.</summary>
internal sealed class BenchServer
{
    /// <summary>Days that are known of it.</summary>
    public const int Days = 14;

    /// <summary>Numbers of a metric's forecast.</summary>
    public const int Outputs = Protocol.Horizon * ForecastShape.Quantiles;

    public BenchServer()
    {
        Weeks = SimulatedDays.Make(Metrics.Length, Days * Protocol.Day, 0);
        Day = [.. Weeks.Select(v => v[^Protocol.Context..])];
        for (var m = 0; m < Metrics.Length; m++)
        {
            for (var t = 0; t < Protocol.Context; t++)
                Window[(t * MetricCatalog.Count) + (int)Metrics[m]] = Day[m][t];
        }
    }

    /// <summary>All that the contract has but uptime, which is a clock.</summary>
    public static Metric[] Metrics { get; } = [.. MetricCatalog.All.Select(m => m.Id).Where(m => m != Metric.UptimeDays)];

    /// <summary>The last step.</summary>
    public static long Last => (Days * Protocol.Day) - 1;

    /// <summary>[metrics][steps].</summary>
    public float[][] Weeks { get; }

    /// <summary>[metrics][288].</summary>
    public float[][] Day { get; }

    /// <summary>[288 x 14], as the service holds it.</summary>
    public float[] Window { get; } = new float[ForecastShape.WindowValues];

    /// <summary>[metrics, 96, 3] of networks and base, [metrics, 96] of yesterday: as the recipe made them last.</summary>
    public float[] Corrected { get; } = new float[Metrics.Length * Outputs];

    /// <inheritdoc cref="Corrected" />
    public float[] Base { get; } = new float[Metrics.Length * Outputs];

    /// <inheritdoc cref="Corrected" />
    public float[] Yesterday { get; } = new float[Metrics.Length * Protocol.Horizon];

    /// <summary>Takes a metric's forecast.</summary>
    public void Keep(int metric, RawForecast raw)
    {
        raw.Quantiles.CopyTo(Corrected.AsSpan(metric * Outputs));
        raw.Base.CopyTo(Base.AsSpan(metric * Outputs));
        raw.Yesterday.CopyTo(Yesterday.AsSpan(metric * Protocol.Horizon));
    }

    /// <summary>A metric's forecast as it was taken.</summary>
    public RawForecast Raw(int metric, bool isNewcomer) => new(
        Corrected.AsSpan(metric * Outputs, Outputs), Base.AsSpan(metric * Outputs, Outputs), Yesterday.AsSpan(metric * Protocol.Horizon, Protocol.Horizon), 0, isNewcomer);
}
