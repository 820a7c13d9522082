using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Tests.Serving;

namespace Tft.Tests.Forecasts.Quality;

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
        Assert.Equal(["30m", "1h", "4h", "8h"], history.Forecasts.Keys);
        Assert.Equal(forecast.Predictions["mem_used_pct"].P90[5], history.Forecasts["30m"]["mem_used_pct"].P90[^7]!.Value, 0.05);
        Assert.Empty(history.Forecasts["4h"]);
    }

    [Fact]
    public async Task History_Outcomes_CompareEveryStepWithWhatCameAndWithYesterday()
    {
        var server = _service.Windows.Add("server", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        for (var i = 0; i < 24; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(server, Rows.Calm(288 + i).With(Metric.MemUsed, 90));
            _service.Runner.RunChanged(default);
        }

        var history = await HistoryAsync("?metric=mem_used_pct,cpu_sys_pct&lead=30m,1h");
        var forecast = history.Forecasts!["1h"]["mem_used_pct"];
        // forecasts were made at 25 steps, of which the first for the 12th that came, and 13 have come
        var outcome = history.Outcomes!["1h"]["mem_used_pct"];
        Assert.Equal((13, 0), (outcome.N, outcome.NaiveN));
        Assert.Equal(forecast.P50.Sum(v => v is { } p50 ? Math.Abs(90 - p50) : 0) / 13, outcome.Mae!.Value, 0.01);
        Assert.InRange(outcome.Cover80!.Value, 0, 0.99);
        Assert.Equal((null, null), (outcome.NaiveMae, outcome.Skill));
        var still = history.Outcomes["30m"]["cpu_sys_pct"];
        Assert.Equal((19, 0d, 1d), (still.N, still.Mae!.Value, still.Cover80!.Value));

        // in points of an hour the answer is shorter, and what came of it the same
        var hours = await HistoryAsync("?metric=mem_used_pct&lead=1h&step=3600");
        Assert.Equal((24, 24), (hours.Measured["mem_used_pct"].Count, hours.Forecasts!["1h"]["mem_used_pct"].P50.Count));
        Assert.Equal(outcome, hours.Outcomes!["1h"]["mem_used_pct"]);
        Assert.Equal(forecast.P50.TakeLast(12).Average()!.Value, hours.Forecasts["1h"]["mem_used_pct"].P50[^1]!.Value, 0.01);
    }

    [Fact]
    public async Task History_MoreValuesThanAnAnswerTakes_IsRefusedAndSaysHowToAskForLess()
    {
        _service.Windows.Add("server", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        using var unknown = await _client.GetAsync("/history/server?lead=2h");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("30m, 1h, 4h, 8h", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await HistoryAsync("?lead=")).Forecasts!);
        Assert.Empty((await HistoryAsync("?from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z")).Measured["mem_used_pct"]);
    }

    [Fact]
    public async Task Export_WithALead_HasWhatHadBeenForecastBesideWhatCame()
    {
        var server = _service.Windows.Add("a,b", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        for (var i = 0; i < 12; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(server, Rows.Calm(i));
            _service.Runner.RunChanged(default);
        }

        var history = JsonSerializer.Deserialize(await _client.GetStringAsync("/history/a%2Cb?metric=mem_used_pct&lead=1h"), ContractJson.Default.HistoryResponse)!;
        var rows = (await _client.GetStringAsync("/history/export?server=a%2Cb&metric=mem_used_pct&lead=1h")).TrimEnd().Split('\n');
        Assert.Equal("timestamp,server_name,profile,state,mem_used_pct,mem_used_pct_p10,mem_used_pct_p50,mem_used_pct_p90", rows[0]);
        var last = rows[^1].Split(',')[^3..].Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var kept = history.Forecasts!["1h"]["mem_used_pct"];
        Assert.Equal(kept.P10[^1]!.Value, last[0], 0.001);
        Assert.Equal(kept.P50[^1]!.Value, last[1], 0.001);
        Assert.Equal(kept.P90[^1]!.Value, last[2], 0.001);
        Assert.EndsWith(",,,", rows[^2], StringComparison.Ordinal);
        using var two = await _client.GetAsync("/history/export?lead=1h,8h");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, two.StatusCode);
        var parquet = await _client.GetByteArrayAsync("/history/export?server=a%2Cb&metric=mem_used_pct&lead=1h&format=parquet");
        Assert.Equal("PAR1"u8.ToArray(), parquet[^4..]);
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

    private async Task<HistoryResponse> HistoryAsync(string query) =>
        JsonSerializer.Deserialize(await _client.GetStringAsync("/history/server" + query), ContractJson.Default.HistoryResponse)!;

    private async Task<FleetQualityResponse> FleetAsync() =>
        JsonSerializer.Deserialize(await _client.GetStringAsync("/quality"), ContractJson.Default.FleetQualityResponse)!;

    private async Task<ForecastQuality> QualityAsync() => (await ForecastAsync()).Predictions["cpu_user_pct"].Quality!;

    private async Task<ServerForecast> ForecastAsync() =>
        JsonSerializer.Deserialize(await _client.GetStringAsync("/predict/server"), ContractJson.Default.ServerForecast)!;
}
