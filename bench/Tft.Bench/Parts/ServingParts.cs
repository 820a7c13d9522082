using Microsoft.Extensions.Options;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Forecasting.Data;
using Tft.Inference.Forecasts;
using Tft.Inference.Forecasts.Online;
using Tft.Inference.Risk;
using Tft.Inference.Windows;

namespace Tft.Bench.Parts;

/// <summary>What the service does with a server's forecast before it is published: follow what came, and read the risk out of it.</summary>
internal sealed class ServingParts
{
    private readonly BenchServer _server;
    private readonly bool _isNewcomer;
    private readonly FollowedServer _followed = new("host", 0);
    private readonly ThresholdTable _thresholds = new(Options.Create(new RiskOptions()));
    private readonly RiskEvaluator _risk;
    private readonly float[] _series = new float[BenchServer.Outputs];
    private readonly float[] _published = new float[ForecastShape.PerServer];
    private long _step = BenchServer.Last;
    private float _sink;

    /// <param name="server">The server, with a forecast.</param>
    /// <param name="isNewcomer">Whether one day is all that is known of it.</param>
    public ServingParts(BenchServer server, bool isNewcomer)
    {
        (_server, _isNewcomer) = (server, isNewcomer);
        _risk = new RiskEvaluator(_thresholds, new ProbabilityCalibration());
        Follow();
    }

    public IReadOnlyList<Part> All =>
    [
        new("follow", Follow, "learn, mix, scale, round, keep"),
        new("risk", Risk, "severities, chances at two levels, reasons"),
        new("chances", Chances, "at one level, as risk asks for two"),
    ];

    private void Follow()
    {
        _followed.Begin(new WindowInfo(_step++, Protocol.Context, Protocol.Context), _server.Window);
        for (var m = 0; m < BenchServer.Metrics.Length; m++)
        {
            var metric = MetricCatalog.Get(BenchServer.Metrics[m]);
            _followed.Serve(metric.Id, _server.Raw(m, _isNewcomer), hasNetworks: true, _series);
            for (var step = 0; step < Protocol.Horizon; step++)
            {
                var q = _series.AsSpan(step * ForecastShape.Quantiles, ForecastShape.Quantiles);
                ForecastShape.Write(_published, step, metric, q[0], q[1], q[2]);
            }
        }

        _followed.End(_published);
    }

    private void Risk() => _sink += _risk.Evaluate(ServerProfile.Generic, _server.Window.AsSpan(^MetricCatalog.Count..), _published, float.NaN).Predicted;

    private void Chances()
    {
        foreach (var metric in RiskMetrics.All)
        {
            var critical = _thresholds.Get(ServerProfile.Generic, metric.Id, float.NaN).Critical;
            for (var step = 0; step < Protocol.Horizon; step++)
            {
                var (low, middle, high) = RiskSeries.Forecast(metric.Id, _published, step);
                _sink = Math.Max(_sink, Exceedance.Above(critical, low, middle, high));
            }
        }
    }
}
