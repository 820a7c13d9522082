using Microsoft.Extensions.Options;
using Tft.Contract.Metrics;
using Tft.Inference.Forecasts.Snapshots;
using Tft.Inference.Serving.Predict;
using Tft.Inference.Windows;
using Tft.ServiceDefaults.Prometheus;

namespace Tft.Inference.Serving.Metrics;

/// <summary>
/// Forecasts as series of GET /metrics: <c>tft_forecast{server,metric,quantile,lead}</c>, for the servers of highest risk. All
/// of a large fleet would be millions of series.
/// </summary>
internal sealed class ForecastSeries(SnapshotStore snapshots, IFleetWindows windows, IOptions<ForecastSeriesOptions> options) : IMetricsBlock
{
    private const string Name = "tft_forecast";

    // Position in the horizon: the value AT steps 6, 12 and 96, as in GET /predict.
    private static readonly (string Lead, int Step)[] s_leads = [("30m", 5), ("1h", 11), ("8h", 95)];
    private static readonly string[] s_quantiles = ["p10", "p50", "p90"];

    public void Write(PrometheusWriter writer)
    {
        if (options.Value.Servers == 0)
            return;

        var snapshot = snapshots.Current;
        writer.Family(Name, "gauge", "Forecast value of a server's metric, by quantile and lead.");
        foreach (var server in PredictSelection.Of(snapshot, new PredictQuery { Top = options.Value.Servers }, windows).Servers)
        {
            var block = snapshot.BlockOf(server);
            foreach (var metric in MetricCatalog.All)
            {
                if (block.Forecasts.Has(server.Number - block.First, metric.Id))
                    Write(writer, server.Name, metric, block.Forecasts, server.Number - block.First);
            }
        }
    }

    private static void Write(PrometheusWriter writer, string server, MetricDefinition metric, QuantizedForecasts forecasts, int position)
    {
        foreach (var (lead, step) in s_leads)
        {
            for (var quantile = 0; quantile < s_quantiles.Length; quantile++)
            {
                writer.Sample(Name)
                    .Label("server", server).Label("metric", metric.Name).Label("quantile", s_quantiles[quantile]).Label("lead", lead)
                    .Value(Math.Round(forecasts.Get(position, metric.Id, quantile, step), 4));
            }
        }
    }
}
