using System.Diagnostics;
using System.Net;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Serving;

[Trait("Ring", "service")]
public sealed class MetricsTests : IDisposable
{
    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;

    public MetricsTests() => _client = _service.Client();

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task Metrics_NoKey_Is401()
    {
        using var anonymous = _service.CreateClient();

        using var response = await anonymous.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_MoreServersThanShown_CarriesTheWorst100AtThreeLeadsAndQuantiles()
    {
        for (var i = 0; i < 120; i++) _service.Windows.Add($"s{i:0000}", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Windows.Add("a \"hot\" one", 288, _service.LastStep, step => Rows.Calm(step, memory: 98));
        _service.Runner.RunChanged(default);

        var lines = (await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');

        var forecasts = lines.Where(l => l.StartsWith("tft_forecast{", StringComparison.Ordinal)).ToArray();
        Assert.Equal(100 * 14 * 3 * 3, forecasts.Length);
        Assert.StartsWith("tft_forecast{server=\"a \\\"hot\\\" one\",metric=\"cpu_user_pct\",quantile=\"p10\",lead=\"30m\"} ", forecasts[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("tft_forecast_servers_total 121", StringComparison.Ordinal));
        Assert.Contains("tft_snapshot_servers 121", lines);
        Assert.Contains("# TYPE tft_forecast_duration_seconds histogram", lines);
    }

    [Fact]
    public async Task Metrics_ForecastValue_IsThatOfPredict()
    {
        _service.Windows.Add("one", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.RunChanged(default);

        var text = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        using var predict = System.Text.Json.JsonDocument.Parse(await _client.GetStringAsync(new Uri("/predict", UriKind.Relative)));

        var band = predict.RootElement.GetProperty("predictions").GetProperty("one").GetProperty("predictions_8h").GetProperty("mem_used_pct");
        var line = text.Split('\n').Single(l => l.StartsWith("tft_forecast{server=\"one\",metric=\"mem_used_pct\",quantile=\"p90\",lead=\"8h\"} ", StringComparison.Ordinal));
        Assert.Equal(band.GetProperty("p90").GetDouble(), double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture), 0.02);
    }

    [Fact]
    public async Task Metrics_ReadByPrometheusItself_Parse()
    {
        var promtool = SkipUnless.Program("promtool");
        _service.Windows.Add("one \"two\"\n\\three", 288, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.RunChanged(default);
        var text = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await check.StandardInput.WriteAsync(text);
        check.StandardInput.Close();
        var said = await check.StandardError.ReadToEndAsync().DefaultTimeout();
        await check.WaitForExitAsync().DefaultTimeout();

        // 3: parsed, with advice on names; the label 'quantile' is the contract's, '_count' the runtime's.
        Assert.True(check.ExitCode is 0 or 3, said);
    }
}
