using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Tests.Serving;

namespace Tft.Tests.Forecasts;

[Trait("Ring", "service")]
public sealed class QualityTests : IDisposable
{
    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;

    public QualityTests() => _client = _service.Client();

    [Fact]
    public async Task Quality_BeforeOutcomes_IsNullAndAfterThemMeasured()
    {
        var random = new Random(4);
        var server = _service.Windows.Add("server", 288, _service.LastStep, Row);
        _service.Runner.RunChanged(default);
        var first = await QualityAsync();
        Assert.Equal((0, null, null), (first.N, first.Cover80, first.Skill));

        const int steps = 120;
        for (var i = 0; i < steps; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(server, Row(288 + i));
            _service.Runner.RunChanged(default);
        }

        // lead 12 has been judged for all but the first 11 steps, lead 96 for all but 95
        var quality = await QualityAsync();
        Assert.Equal(steps - 11 + steps - 95, quality.N);
        Assert.InRange(quality.Cover80!.Value, 0.6, 1);
        Assert.InRange(quality.Skill!.Value, -0.5, 1);

        var fleet = await FleetAsync();
        Assert.Equal((1, 1, 1), (fleet.Servers, fleet.Compared, fleet.FallbackReasons["no_model"]));
        var metric = fleet.Metrics.Single(m => m.Metric == "cpu_user_pct");
        Assert.Equal((quality.N, quality.Cover80, quality.Skill), (metric.Quality.N, metric.Quality.Cover80, metric.Quality.Skill));
        Assert.Equal((steps - 11, steps - 95), (metric.Leads["1h"].N, metric.Leads["8h"].N));
        Assert.Equal(new SeriesCounts(0, 0, 0, 1), metric.Series);
        Assert.Equal(fleet.Metrics.Sum(m => m.Quality.N), fleet.Days.Sum(d => d.Quality.N));
        Assert.Equal(7, fleet.Days.Count);
        Assert.Equal(_service.Clock.GetUtcNow().Date, fleet.Days[^1].Day.UtcDateTime);

        MetricValues Row(int i) => Rows.Calm(i).With(Metric.CpuUser, 20 + (5 * MathF.Sin(i * MathF.Tau / 288)) + (4 * random.NextSingle()));
    }

    [Fact]
    public async Task Quality_SurprisingValues_LowerCoverage()
    {
        var server = _service.Windows.Add("server", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        for (var i = 0; i < 20; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(server, Rows.Calm(i).With(Metric.CpuUser, i % 2 == 0 ? 90 : 1));
            _service.Runner.RunChanged(default);
        }

        Assert.True((await QualityAsync()).Cover80 < 0.6);
    }

    [Fact]
    public async Task History_StepsThatHadBeenForecast_ShowWhatWasForecast()
    {
        var server = _service.Windows.Add("server", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        var forecast = await ForecastAsync();
        for (var i = 0; i < 12; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(server, Rows.Calm(i));
            _service.Runner.RunChanged(default);
        }

        var history = JsonSerializer.Deserialize(await _client.GetStringAsync("/history/server"), ContractJson.Default.HistoryResponse)!;
        Assert.True(history.ForecastsKept);
        var kept = history.Forecasts!["1h"]["mem_used_pct"];
        Assert.Equal(history.Measured["mem_used_pct"].Count, kept.P50.Count);
        Assert.Equal(forecast.Predictions["mem_used_pct"].P50[11], kept.P50[^1]!.Value, 0.05);
        Assert.Null(kept.P50[^2]);
    }

    [Fact]
    public async Task Fleet_NoServers_IsEmptyAndNotAnError()
    {
        var fleet = await FleetAsync();
        Assert.Equal((0, 0, new QualityFigures(0, null, null)), (fleet.Servers, fleet.Compared, fleet.Overall));
    }

    [Fact]
    public async Task Fleet_AskedAgainAtOnce_IsTheSameAndLaterNew()
    {
        var first = await FleetAsync();
        _service.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(first.Timestamp, (await FleetAsync()).Timestamp);
        _service.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first.Timestamp.AddSeconds(11), (await FleetAsync()).Timestamp);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private async Task<FleetQualityResponse> FleetAsync() =>
        JsonSerializer.Deserialize(await _client.GetStringAsync("/quality"), ContractJson.Default.FleetQualityResponse)!;

    private async Task<ForecastQuality> QualityAsync() => (await ForecastAsync()).Predictions["cpu_user_pct"].Quality!;

    private async Task<ServerForecast> ForecastAsync() =>
        JsonSerializer.Deserialize(await _client.GetStringAsync("/predict/server"), ContractJson.Default.ServerForecast)!;
}
