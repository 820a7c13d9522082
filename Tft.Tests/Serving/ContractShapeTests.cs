using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Serving;

/// <summary>Every answer has the shape of the contract's example: never fewer fields, never another type.</summary>
[Trait("Ring", "service")]
public sealed class ContractShapeTests : IDisposable
{
    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;

    public ContractShapeTests()
    {
        _client = _service.Client();
        _service.Windows.Add("ppml0001", 288, _service.LastStep, i => Rows.Calm(i, memory: 70 + (i * 0.08f)), ServerProfile.MlCompute);
        _service.Windows.Add("ppdb001", 288, _service.LastStep, i => Rows.Calm(i), ServerProfile.Database);
        _service.Windows.Add("pphot001", 288, _service.LastStep, i => Rows.Calm(i, memory: 97), ServerProfile.Generic);
        _service.Windows.Add("ppnew001", 0, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        _service.Runner.Sweep(default);
    }

    [Fact]
    public async Task Predict_HasTheShapeOfTheExample()
    {
        var answer = await GetAsync("/predict");
        Assert.Empty(JsonShape.Faults(JsonShape.Example("predict.response.json"), answer,
            "predictions", "current", "predictions_30m", "predictions_1h", "predictions_8h"));
        Assert.Equal(4, answer.GetProperty("predictions").EnumerateObject().Count());
        Assert.Equal(14, answer.GetProperty("predictions").GetProperty("ppdb001").GetProperty("predictions_8h").EnumerateObject().Count());
        Assert.Equal("921211", answer.GetProperty("predictions").GetProperty("ppml0001").GetProperty("server_id").GetString());
        Assert.NotEmpty(answer.GetProperty("predictions").GetProperty("pphot001").GetProperty("reasons").EnumerateArray());
    }

    [Fact]
    public async Task PredictServer_HasTheShapeOfTheExampleAndAllSteps()
    {
        var answer = await GetAsync("/predict/ppml0001");
        Assert.Empty(JsonShape.Faults(JsonShape.Example("predict-server.response.json"), answer,
            "predictions", "current", "predictions_30m", "predictions_1h", "predictions_8h"));
        foreach (var metric in answer.GetProperty("predictions").EnumerateObject())
        {
            foreach (var quantile in (string[])["p10", "p50", "p90"])
                Assert.Equal(96, metric.Value.GetProperty(quantile).GetArrayLength());
        }

        Assert.Equal(
            answer.GetProperty("origin").GetDateTimeOffset().AddMinutes(5), answer.GetProperty("first_step").GetDateTimeOffset());
    }

    [Fact]
    public async Task PredictServer_ReadsBackAsTheContractsMessage()
    {
        var forecast = JsonSerializer.Deserialize(await _client.GetStringAsync("/predict/ppml0001"), ContractJson.Default.ServerForecast);
        Assert.Equal("ppml0001", forecast!.ServerName);
        Assert.Equal(MetricCatalog.Count, forecast.Predictions.Count);
    }

    [Fact]
    public async Task PredictionsCurrent_HasTheShapeOfTheExample()
    {
        var answer = await GetAsync("/predictions/current");
        Assert.Empty(JsonShape.Faults(JsonShape.Example("predictions-current.response.json"), answer, "predictions"));
        Assert.Equal(96, answer.GetProperty("predictions").GetProperty("ppdb001").GetProperty("cpu_percent").GetProperty("p90").GetArrayLength());
    }

    [Fact]
    public async Task Status_HasTheShapeOfTheExample() =>
        Assert.Empty(JsonShape.Faults(JsonShape.Example("status.response.json"), await GetAsync("/status")));

    [Fact]
    public async Task Health_HasTheShapeOfTheExample()
    {
        using var service = new InferenceFixture(background: true);
        using var client = service.CreateClient();
        await Eventually.True(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the journal is read");
        var answer = JsonDocument.Parse(await client.GetStringAsync("/health")).RootElement;
        Assert.Empty(JsonShape.Faults(JsonShape.Example("health.response.json"), answer, "checks"));
        Assert.Equal("tft_inference_daemon", answer.GetProperty("service").GetString());
        Assert.Equal("fallback", answer.GetProperty("checks").GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("/predict/nobody", HttpStatusCode.NotFound, "unknown_server")]
    [InlineData("/explain/nobody", HttpStatusCode.NotFound, "unknown_server")]
    [InlineData("/history/nobody", HttpStatusCode.NotFound, "unknown_server")]
    [InlineData("/explain/ppdb001", HttpStatusCode.Conflict, "no_model")]
    [InlineData("/predict?limit=0", HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData("/predict?metrics=cpu", HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData("/predict?min_risk=high", HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData("/predict?after=nobody", HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData("/history/ppdb001?step=7", HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData("/nothing/here", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/feed", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Get_WhatCannotBe_AnswersProblemOfTheContract(string path, HttpStatusCode status, string code)
    {
        var response = await _client.GetAsync(path);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Empty(JsonShape.Faults(JsonShape.Example("problems.json")[2], problem));
    }

    [Theory]
    [InlineData("/predict")]
    [InlineData("/predict/ppdb001")]
    [InlineData("/predictions/current")]
    [InlineData("/status")]
    [InlineData("/history/ppdb001")]
    [InlineData("/explain/ppdb001")]
    [InlineData("/events")]
    [InlineData("/openapi/v1.json")]
    public async Task Get_WithoutKey_Answers401(string path)
    {
        using var client = _service.CreateClient();
        var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Get_WhenSomethingFails_AnswersProblemWithoutTheReason()
    {
        using var service = new InferenceFixture();
        using var client = service.Client();
        service.Windows.Fault = new InvalidOperationException("secret reason");
        var response = await client.GetAsync("/status");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("internal_error", JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_NamesTheEndpoints()
    {
        var paths = (await GetAsync("/openapi/v1.json")).GetProperty("paths");
        foreach (var path in (string[])["/predict", "/predict/{server}", "/predictions/current", "/status", "/history/{server}", "/events", "/explain/{server}"])
            Assert.True(paths.TryGetProperty(path, out _), path);
    }

    [Theory]
    [InlineData("/predict", "get", "read")]
    [InlineData("/history/export", "get", "read")]
    [InlineData("/thresholds", "get", "read")]
    [InlineData("/feed", "post", "feed")]
    [InlineData("/admin/train", "post", "admin")]
    public async Task OpenApi_SaysWhichScopeAnOperationNeeds(string path, string method, string scope)
    {
        var operation = (await GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty(path).GetProperty(method);
        Assert.Equal(scope, operation.GetProperty("security")[0].GetProperty("api_key")[0].GetString());
        Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
    }

    [Fact]
    public async Task Thresholds_AreThoseOfTheSettings_AndOfProfilesThatHaveOthers()
    {
        using var service = new InferenceFixture();
        using var changed = service.WithWebHostBuilder(b => b.UseSetting("Tft:Risk:Thresholds:disk_usage_pct:Warning", "88").UseSetting("Tft:Risk:Profiles:web_api:cpu_used:Critical", "97"));
        using var client = changed.CreateClient();
        client.DefaultRequestHeaders.Add("X-API-Key", InferenceFixture.Key);
        var all = (await client.GetFromJsonAsync("/thresholds", ContractJson.Default.ThresholdsResponse))!.Metrics.ToDictionary(m => m.Key);

        Assert.Equal(new ThresholdValues(80, 88, 95, 100), all["disk_usage_pct"].General);
        Assert.Equal(("cpu_idle_pct", null), (all["cpu_used"].Metric, all["cpu_used"].MultiplesOf));
        Assert.Equal(new ThresholdValues(80, 90, 97, 100), Assert.Single(all["cpu_used"].Profiles, p => p.Key == "web_api").Value);
        Assert.Equal(new ThresholdValues(95, 97, 99, 100), all["mem_used_pct"].Profiles["database"]);
        Assert.Equal(("own_median", "profile"), (all["load_average"].MultiplesOf, all["back_close_wait"].MultiplesOf));
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path)).RootElement;
}
