using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Forecasting.Models;
using Tft.Inference.Commands;
using Tft.Inference.Models;
using Tft.Inference.Training;
using Tft.Tests.Commands;
using Tft.Tests.Forecasting.Data;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Training;

/// <summary>POST /admin/train: a training as a process of its own, seen and ended over HTTP.</summary>
[Trait("Ring", "service")]
public sealed class TrainingServiceTests : IDisposable
{
    private readonly TempFolder _models = new();
    private readonly InferenceFixture _service;
    private readonly HttpClient _client;

    public TrainingServiceTests()
    {
        _service = new InferenceFixture(models: _models.Path);
        _client = _service.Client();
        // names differ from server to server, so the model takes any metrics, the contract's too
        for (var i = 0; i < 2; i++)
            SeriesFiles.WriteCsv(Path.Combine(Work, "data", "tiny"), SyntheticSeries.Create(21 + i, metrics: 1, days: 6, fitDays: 4) with { MetricNames = [$"m{i}"] });
    }

    private string Work => Path.Combine(_service.Services.GetRequiredService<IConfiguration>()["Tft:DataDirectory"]!, "training");

    [Fact]
    public async Task Train_ATinyDataSet_GivesAModelThatIsPromotedAndServes()
    {
        Assert.Null(_service.Services.GetRequiredService<ModelStore>().Current);
        using var started = await StartAsync(steps: 5, ",\"near\":1,\"near_steps\":7,\"trees\":2,\"stretch\":true,\"wide_head\":true,\"unusual\":true");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var location = started.Headers.Location!;
        Assert.Equal("reading", (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());

        var job = await EndAsync(location);

        Assert.True(job.GetProperty("state").GetString() == "succeeded", job.ToString());
        Assert.True(job.GetProperty("promoted").GetBoolean(), job.ToString());
        Assert.True(job.GetProperty("active").GetBoolean(), job.ToString());
        var progress = job.GetProperty("progress");
        Assert.Equal((2, 2, 7, 7, 100.0, 0.0), (Whole("network"), Whole("networks"), Whole("step"), Whole("steps"), progress.GetProperty("percent").GetDouble(), progress.GetProperty("eta_s").GetDouble()));
        int Whole(string name) => progress.GetProperty(name).GetInt32();
        var model = job.GetProperty("model").GetString();
        Assert.StartsWith("tft_model_", model, StringComparison.Ordinal);
        Assert.Equal(model, _service.Services.GetRequiredService<ModelStore>().Current!.Version);
        var config = ModelFolder.Load(Path.Combine(_models.Path, model!), ModelFolders.ContractVersion, ModelFolders.States).Config;
        Assert.Equal((1, 1, 2, true, true), (config.Networks, config.NearNetworks, config.Trees, config.Recipe.Stretch, config.Network.WideHead));
        Assert.Equal([model], Directory.GetFileSystemEntries(_models.Path).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Work, "jobs")));

        using var soon = await StartAsync(steps: 5);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromHours(6)), (soon.StatusCode, soon.Headers.RetryAfter!.Delta));
        Assert.Equal("training_too_soon", (await soon.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        using var forced = await StartAsync(steps: 100_000, ",\"force\":true");
        Assert.Equal(HttpStatusCode.Accepted, forced.StatusCode);
        using var ended = await _client.DeleteAsync(forced.Headers.Location!);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        var kept = new TrainingLog(Path.Combine(Work, "trainings.json"), NullLogger.Instance).Load(default);
        Assert.Equal([("cancelled", null), ("succeeded", model)], kept.Select(j => (j.State, j.Model)));
    }

    [Fact]
    public async Task Train_WhileOneRuns_Is409AndTheRunningOneCanBeEnded()
    {
        using var first = await StartAsync(steps: 100_000);
        var location = first.Headers.Location!;
        var progress = default(JsonElement);
        await Eventually.True(async () => (progress = (await GetAsync(location)).GetProperty("progress")).ValueKind == JsonValueKind.Object, "the training says how far it is", Eventually.Long);
        Assert.Equal(100_000, progress.GetProperty("steps").GetInt32());
        Assert.True(progress.GetProperty("eta_s").GetDouble() > 0);

        var listed = Assert.Single((await GetAsync(new("/admin/train", UriKind.Relative))).GetProperty("jobs").EnumerateArray());
        Assert.Equal(location.OriginalString, $"/admin/train/{listed.GetProperty("job").GetString()}");

        using var second = await StartAsync(steps: 5);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var problem = await second.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("training_runs", problem.GetProperty("code").GetString());
        Assert.Contains(location.OriginalString, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var ended = await _client.DeleteAsync(location);
        var job = await ended.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("cancelled", JsonValueKind.Null), (job.GetProperty("state").GetString(), job.GetProperty("model").ValueKind));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Work, "jobs")));
        Assert.Empty(Directory.GetFileSystemEntries(_models.Path));
    }

    [Fact]
    public async Task Train_ACrashOfTheTraining_IsItsOwn()
    {
        File.WriteAllText(Path.Combine(Work, "data", "tiny", "s21.csv"), "t,m\n1,nonsense\n");
        using var started = await StartAsync(steps: 5);
        var job = await EndAsync(started.Headers.Location!);
        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Contains("m is 'nonsense', expected a finite number", job.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/predict")).StatusCode);
    }

    [Fact]
    public async Task Train_ADayOfHistory_SaysHowManyDaysAreNeeded()
    {
        _service.Windows.Add("ppdb001", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        using var started = await _client.PostAsync("/admin/train", null);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var job = await EndAsync(started.Headers.Location!);
        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Contains("This service has 1.0 days of history (ppdb001, of which it has most); training needs 6", job.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"data\":\"../elsewhere\"}", "bad_body")]
    [InlineData("{\"data\":\"--out\"}", "bad_body")]
    [InlineData("{\"steps\":0,\"networks\":99,\"near\":-1,\"near_steps\":0}", "bad_body")]
    [InlineData("{\"step\":10}", "bad_body")]
    [InlineData("[", "bad_body")]
    public async Task Train_WhatCannotBe_Is400(string body, string code)
    {
        using var answer = await _client.PostAsync("/admin/train", new StringContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Train_WithoutAKeyOrUnknown_IsRefused()
    {
        using var nobody = _service.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsync("/admin/train", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/admin/train")).StatusCode);
        Assert.Empty((await GetAsync(new("/admin/train", UriKind.Relative))).GetProperty("jobs").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/admin/train/train-1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync("/admin/train/train-1")).StatusCode);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
        _models.Dispose();
    }

    private Task<HttpResponseMessage> StartAsync(int steps, string more = "") => _client.PostAsync(
        "/admin/train", new StringContent($"{{\"data\":\"tiny\",\"networks\":1,\"hidden\":8,\"steps\":{steps},\"batch\":4,\"origin_step\":12,\"newcomers\":0{more}}}"));

    private async Task<JsonElement> GetAsync(Uri location) => await _client.GetFromJsonAsync<JsonElement>(location);

    private async Task<JsonElement> EndAsync(Uri location)
    {
        var job = default(JsonElement);
        await Eventually.True(async () => (job = await GetAsync(location)).GetProperty("ended").ValueKind != JsonValueKind.Null, "the training ends", Eventually.Long);
        return job;
    }
}
