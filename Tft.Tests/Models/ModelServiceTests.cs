using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tft.Forecasting.Evaluation;
using Tft.Inference.Models;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Models;

/// <summary>The service with a tiny model: what it forecasts, explains, reloads and refuses, over HTTP.</summary>
[Trait("Ring", "service")]
public sealed class ModelServiceTests : IDisposable
{
    private const string Old = "tft_model_20260101_000000";
    private const string New = "tft_model_20260102_000000";

    private readonly TempFolder _models = new();
    private readonly InferenceFixture _service;
    private readonly HttpClient _client;

    public ModelServiceTests()
    {
        TinyModel.Save(_models.Path, Old);
        _service = new InferenceFixture(models: _models.Path);
        _client = _service.Client();
        _service.Windows.Add("ppml0001", 288, _service.LastStep, i => Rows.Calm(i, memory: 70 + (i * 0.08f)));
        _service.Windows.Add("ppdb001", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Windows.Add("ppshort1", 100, _service.LastStep, i => Rows.Calm(i));
        _service.Windows.Add("ppnew001", 0, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        _service.Runner.Sweep(default);
    }

    [Fact]
    public async Task Predict_ReadyServers_AreForecastByTheModelAndTheOthersByTheFallback()
    {
        var answer = await GetAsync("/predict");
        Assert.Equal(("TFT", Old), (answer.GetProperty("model").GetProperty("type").GetString(), answer.GetProperty("model").GetProperty("version").GetString()));
        var servers = answer.GetProperty("predictions");
        foreach (var name in (string[])["ppml0001", "ppdb001"])
        {
            Assert.Equal("TFT", servers.GetProperty(name).GetProperty("model_type").GetString());
            Assert.Equal(14, servers.GetProperty(name).GetProperty("predictions_8h").EnumerateObject().Count());
            foreach (var metric in servers.GetProperty(name).GetProperty("predictions_8h").EnumerateObject())
            {
                var (p10, p50, p90) = (metric.Value.GetProperty("p10").GetDouble(), metric.Value.GetProperty("p50").GetDouble(), metric.Value.GetProperty("p90").GetDouble());
                Assert.True(p10 <= p50 && p50 <= p90, $"{name} {metric.Name}: {p10} {p50} {p90}");
                Assert.True(p10 >= 0 && (!metric.Name.EndsWith("_pct", StringComparison.Ordinal) || p90 <= 100), $"{name} {metric.Name}: {p10} {p90}");
            }
        }

        Assert.Equal(("fallback", "short_window"), Label(servers.GetProperty("ppshort1")));
        Assert.Equal(("fallback", "warming_up"), Label(servers.GetProperty("ppnew001")));
    }

    [Fact]
    public void Choose_ADeviceThatIsNotThere_DoesNotStartAndSaysSo()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Tft:Device", "cuda:99")]).Build();
        Assert.Contains("Tft:Device asks for cuda:99, but ", Assert.Throws<OptionsValidationException>(() => ServingEngine.Choose(settings, NullLogger.Instance)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_WithAModel_SaysHealthy()
    {
        using var client = _service.CreateClient();
        using var response = await client.GetAsync("/health");
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("healthy", answer.GetProperty("checks").GetProperty("model").GetString());
    }

    [Fact]
    public async Task Explain_ReadyServer_GivesWeightsAndAttentionThatSumToOne()
    {
        var answer = await GetAsync("/explain/ppml0001");
        Assert.Equal("TFT", answer.GetProperty("model_type").GetString());
        SumsToOne(answer.GetProperty("history_weights"));
        SumsToOne(answer.GetProperty("known_weights"));
        foreach (var metric in answer.GetProperty("metrics").EnumerateObject())
        {
            SumsToOne(metric.Value.GetProperty("history_weights"));
            SumsToOne(metric.Value.GetProperty("known_weights"));
        }

        Assert.Equal((await GetAsync("/predict/ppml0001")).GetProperty("origin").GetDateTimeOffset(), answer.GetProperty("origin").GetDateTimeOffset());
        Assert.Equal(96, answer.GetProperty("attention").GetProperty("past_steps").GetInt32());
        var rows = answer.GetProperty("attention").GetProperty("over_past");
        Assert.Equal(3, rows.GetArrayLength());
        foreach (var row in rows.EnumerateArray())
        {
            Assert.Equal(192, row.GetArrayLength());
            Assert.Equal(1, row.EnumerateArray().Sum(w => w.GetDouble()), 3);
        }

        // a step ahead does not look beyond itself
        Assert.All(rows[0].EnumerateArray().Skip(96 + 6), w => Assert.Equal(0, w.GetDouble(), 6));
    }

    [Fact]
    public async Task Explain_ServerOnTheFallback_AnswersNoModel()
    {
        using var response = await _client.GetAsync("/explain/ppshort1");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("short_window", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task PredictServer_OnTheFallback_SaysSinceWhen()
    {
        var since = (await GetAsync("/predict/ppshort1")).GetProperty("fallback_since").GetDateTimeOffset();
        Assert.Equal((await GetAsync("/predict/ppshort1")).GetProperty("origin").GetDateTimeOffset(), since);
        _service.Clock.Advance(TimeSpan.FromMinutes(5));
        _service.Windows.Close(2, Rows.Calm(100));
        _service.Runner.RunChanged(default);

        var later = await GetAsync("/predict/ppshort1");
        Assert.Equal(since, later.GetProperty("fallback_since").GetDateTimeOffset());
        Assert.Equal(since.AddMinutes(5), later.GetProperty("origin").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, (await GetAsync("/predict/ppml0001")).GetProperty("fallback_since").ValueKind);
    }

    [Fact]
    public async Task Watch_ANewerFolder_ForecastsTheFleetAnew()
    {
        var before = _service.Snapshots.Current.Number;
        TinyModel.Save(_models.Path, New, TinyModel.Make(seed: 7));
        _service.Services.GetRequiredService<ModelStore>().TakeNewer();
        _service.Runner.Sweep(default);

        var answer = await GetAsync("/predict/ppml0001");
        Assert.True(answer.GetProperty("snapshot").GetInt64() > before);
        Assert.Equal(New, (await GetAsync("/status")).GetProperty("model").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Activate_ADamagedModel_IsRefusedAndTheOldServesOn()
    {
        File.WriteAllText(Path.Combine(TinyModel.Save(_models.Path, New), "data_contract_version.txt"), "1.0.0\n");
        using var response = await _client.PostAsync($"/admin/models/{New}/activate", null);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("bad_model", problem.GetProperty("code").GetString());
        Assert.Contains("the contract is '1.0.0', expected 2.x", problem.GetProperty("detail").GetString());

        var list = await GetAsync("/admin/models");
        Assert.Equal(Old, list.GetProperty("active").GetString());
        Assert.False(list.GetProperty("models")[0].GetProperty("valid").GetBoolean());
        Assert.True(list.GetProperty("models")[1].GetProperty("active").GetBoolean());
        Assert.Equal("TFT", (await GetAsync("/predict/ppml0001")).GetProperty("model_type").GetString());
    }

    [Fact]
    public async Task Activate_AValidModel_ServesIt()
    {
        TinyModel.Save(_models.Path, New);
        using var response = await _client.PostAsync($"/admin/models/{New}/activate", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var list = await GetAsync("/admin/models");
        Assert.Equal((New, Old), (list.GetProperty("active").GetString(), list.GetProperty("previous").GetString()));
    }

    [Fact]
    public async Task Models_AFolderThatChanges_IsReadAgain()
    {
        var model = TinyModel.Make();
        var scores = new ScoreTable(["a", "b"], 14, 0, new Dictionary<string, ScoreRow> { ["all"] = new(0.5, 0.6, 0.81, 2) });
        var folder = TinyModel.Save(_models.Path, New, new(model.Config, model.Recipe, model.Networks, model.Info with { Evaluation = scores }, model.Mapping, model.ContractVersion));
        var entry = (await GetAsync("/admin/models")).GetProperty("models")[0];
        Assert.Equal((2, 8, 14), (entry.GetProperty("networks").GetInt32(), entry.GetProperty("hidden").GetInt32(), entry.GetProperty("evaluation").GetProperty("series").GetInt32()));
        Assert.Equal(0.81, entry.GetProperty("evaluation").GetProperty("leads").GetProperty("all").GetProperty("cover80").GetDouble());

        File.WriteAllText(Path.Combine(folder, "server_mapping.json"), "nonsense");
        entry = (await GetAsync("/admin/models")).GetProperty("models")[0];
        Assert.False(entry.GetProperty("valid").GetBoolean());
        Assert.Contains("server_mapping.json", entry.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/models/nothing/activate", HttpStatusCode.NotFound)]
    [InlineData("/admin/models/..%2F..%2Fetc/activate", HttpStatusCode.NotFound)]
    public async Task Activate_WhatIsNotThere_Answers404(string path, HttpStatusCode status)
    {
        using var response = await _client.PostAsync(path, null);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Models_WithoutKey_Answers401()
    {
        using var client = _service.CreateClient();
        using var response = await client.GetAsync("/admin/models");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
        _models.Dispose();
    }

    private static (string?, string?) Label(JsonElement server) =>
        (server.GetProperty("model_type").GetString(), server.GetProperty("fallback_reason").GetString());

    private static void SumsToOne(JsonElement weights) => Assert.Equal(1, weights.EnumerateObject().Sum(w => w.Value.GetDouble()), 3);

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path)).RootElement;
}
