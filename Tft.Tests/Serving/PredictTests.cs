using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Metrics;

namespace Tft.Tests.Serving;

[Trait("Ring", "service")]
public sealed class PredictTests : IDisposable
{
    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;

    public PredictTests() => _client = _service.Client();

    [Fact]
    public async Task Predict_BeforeTheFirstRecord_IsAnEmptySetWithWarmup()
    {
        var answer = await GetAsync("/predict");
        Assert.Empty(answer.GetProperty("predictions").EnumerateObject());
        Assert.False(answer.GetProperty("warmup").GetProperty("is_warmed_up").GetBoolean());
        Assert.Equal("unknown", answer.GetProperty("environment").GetProperty("fleet_health").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task PredictionsCurrent_Below36Steps_Answers503WithBothFormsOfTheError()
    {
        Feed(1, steps: 12);
        var response = await _client.GetAsync("/predictions/current");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Empty(JsonShape.Faults(JsonShape.Example("problems.json")[9], problem));
        Assert.Equal("Need at least 36 steps for one server, have 12.", problem.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Predict_Pages_GiveEveryServerOnceInAnyPageSize()
    {
        Feed(530);
        foreach (var limit in (int[])[1, 100, 256, 530, 1000])
        {
            var seen = new List<string>();
            string? after = null;
            do
            {
                var page = await GetAsync($"/predict?limit={limit}{(after is null ? "" : $"&after={after}")}");
                var names = page.GetProperty("predictions").EnumerateObject().Select(p => p.Name).ToList();
                Assert.InRange(names.Count, 1, limit);
                seen.AddRange(names);
                after = page.GetProperty("next").GetString();
                if (limit == 1 && seen.Count == 5)
                    break;
            }
            while (after is not null);

            Assert.Equal(limit == 1 ? 5 : 530, seen.Distinct().Count());
            Assert.Equal(seen.Count, seen.Distinct().Count());
        }
    }

    [Fact]
    public async Task Predict_Filters_SelectServersMetricsAndRisk()
    {
        Feed(5);
        _service.Windows.Add("hot", 288, _service.LastStep, i => Rows.Calm(i, memory: 98));
        _service.Windows.Add("warm", 288, _service.LastStep, i => Rows.Calm(i, memory: 88));
        _service.Runner.RunChanged(default);

        Assert.Equal(["hot", "warm"], Names(await GetAsync("/predict?top=2")));
        Assert.Equal(["hot"], Names(await GetAsync("/predict?min_risk=70")));
        Assert.Equal(["warm", "s0001"], Names(await GetAsync("/predict?servers=warm,s0001,nobody")));
        var narrow = await GetAsync("/predict?servers=warm&metrics=mem_used_pct,load_average");
        Assert.Equal(["mem_used_pct", "load_average"],
            narrow.GetProperty("predictions").GetProperty("warm").GetProperty("predictions_1h").EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public async Task Predict_SameSnapshot_Answers304AndANewOneDoesNot()
    {
        Feed(3);
        var first = await _client.GetAsync("/predict");
        var etag = first.Headers.ETag!;
        using var again = new HttpRequestMessage(HttpMethod.Get, "/predict");
        again.Headers.IfNoneMatch.Add(etag);
        var same = await _client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());

        _service.Windows.Close(0, Rows.Calm(1, memory: 91));
        _service.Runner.RunChanged(default);
        using var later = new HttpRequestMessage(HttpMethod.Get, "/predict");
        later.Headers.IfNoneMatch.Add(etag);
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(later)).StatusCode);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("gzip;q=0, br;q=0.5")]
    [InlineData("identity")]
    public async Task Predict_AcceptEncoding_GivesTheSameAnswerInThatCoding(string accept)
    {
        Feed(20);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/predict");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        var response = await _client.SendAsync(request);
        var coding = response.Content.Headers.ContentEncoding.SingleOrDefault();
        Assert.Equal(accept == "identity" ? null : accept == "gzip" ? "gzip" : "br", coding);
        await using var raw = await response.Content.ReadAsStreamAsync();
        await using var plain = coding switch
        {
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            "gzip" => (Stream)new GZipStream(raw, CompressionMode.Decompress),
            _ => raw,
        };
        var answer = (await JsonDocument.ParseAsync(plain)).RootElement;
        Assert.Equal(20, answer.GetProperty("predictions").EnumerateObject().Count());
    }

    [Fact]
    public async Task Predict_MissingMetric_IsLeftOutAndTheOthersStay()
    {
        _service.Windows.Add("nojava", 288, _service.LastStep, i => Rows.Calm(i).With(Metric.JavaCpu, float.NaN));
        _service.Runner.RunChanged(default);
        var server = (await GetAsync("/predict")).GetProperty("predictions").GetProperty("nojava");
        Assert.False(server.GetProperty("current").TryGetProperty("java_cpu_pct", out _));
        Assert.Equal(13, server.GetProperty("predictions_8h").EnumerateObject().Count());
    }

    [Fact]
    public async Task Get_OnlyMemoryMeasured_EveryAnswerIsJsonWithThreeDecimalsAtMost()
    {
        _service.Windows.Add("bare", 288, _service.LastStep, i => MetricValues.Missing.With(Metric.MemUsed, 60.1234f + (i * 0.0101f)));
        _service.Runner.RunChanged(default);
        foreach (var path in (string[])["/predict", "/predict/bare", "/predictions/current", "/history/bare"])
        {
            var text = await _client.GetStringAsync(path);
            Assert.DoesNotMatch(@"[:,\[]-?\d+\.\d{4,}", text);
        }

        var bare = (await GetAsync("/predictions/current")).GetProperty("predictions").GetProperty("bare");
        Assert.Equal(JsonValueKind.Null, bare.GetProperty("display_metrics").GetProperty("cpu_percent").ValueKind);
        Assert.Single((await GetAsync("/predict/bare")).GetProperty("predictions").EnumerateObject());
    }

    [Fact]
    public async Task Predict_NameWithMarkup_IsEncoded()
    {
        const string name = "a\"<b>/c";
        _service.Windows.Add(name, 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        Assert.Equal([name], Names(await GetAsync("/predict")));
        Assert.DoesNotContain("<b>", await _client.GetStringAsync("/predict"), StringComparison.Ordinal);
        Assert.Equal(name, (await GetAsync($"/predict/{Uri.EscapeDataString(name)}")).GetProperty("server_name").GetString());
    }

    [Fact]
    public async Task History_Window_GivesMeasuredStepsWithGapsAsNull()
    {
        _service.Windows.Add("server", 100, _service.LastStep, i => i == 40 ? MetricValues.Missing : Rows.Calm(0, memory: i));
        _service.Runner.RunChanged(default);
        var answer = await GetAsync("/history/server?metric=mem_used_pct");
        var values = answer.GetProperty("measured").GetProperty("mem_used_pct").EnumerateArray().ToArray();
        Assert.Equal(100, values.Length);
        Assert.Equal(JsonValueKind.Null, values[40].ValueKind);
        Assert.Equal(41, values[41].GetDouble(), 3);
        Assert.Equal(_service.Clock.GetUtcNow().AddMinutes(-500), answer.GetProperty("first_step").GetDateTimeOffset());

        var from = _service.Clock.GetUtcNow().AddHours(-1).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", null);
        var hour = await GetAsync($"/history/server?metric=mem_used_pct&from={from}&step=1800");
        Assert.Equal([90.5, 96.5], hour.GetProperty("measured").GetProperty("mem_used_pct").EnumerateArray().Select(v => v.GetDouble()));
    }

    [Fact]
    public async Task Export_Windows_IsReadBackByTheValidatorWithoutAFault()
    {
        _service.Windows.Add("a,\"b\"", 50, _service.LastStep, i => i == 20 ? MetricValues.Missing : Rows.Calm(i));
        _service.Windows.Add("plain", 10, _service.LastStep, i => Rows.Calm(i).With(Metric.JavaCpu, float.NaN));
        _service.Runner.RunChanged(default);
        var csv = await _client.GetStringAsync("/history/export?format=csv");
        using var folder = new Infrastructure.TempFolder();
        await File.WriteAllTextAsync(folder.File("export.csv"), csv);
        var report = Inference.Commands.Validation.RecordFile.Validate(folder.File("export.csv"), _service.Clock.GetUtcNow().ToUnixTimeSeconds());
        var text = new StringWriter();
        report.Print(text, 20);
        Assert.True(report.IsClean, text.ToString());
        Assert.Equal(59, report.Good);

        var one = await _client.GetStringAsync("/history/export?servers=plain&metric=mem_used_pct");
        Assert.Equal(11, one.TrimEnd().Split('\n').Length);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/history/export?format=xml")).StatusCode);
    }

    [Fact]
    public async Task ExportParquet_Windows_IsWhatTrainReads()
    {
        _service.Windows.Add("a,\"b\"", 50, _service.LastStep, i => i == 20 ? MetricValues.Missing : Rows.Calm(i));
        _service.Windows.Add("plain", 10, _service.LastStep, i => Rows.Calm(i).With(Metric.JavaCpu, float.NaN));
        _service.Runner.RunChanged(default);
        using var folder = new Infrastructure.TempFolder();

        await File.WriteAllBytesAsync(folder.File("server_metrics.parquet"), await _client.GetByteArrayAsync("/history/export?format=parquet"));

        var series = Inference.Commands.SeriesFolder.Read(folder.Path, 0.7, null);
        Assert.Equal(["a,\"b\"", "plain"], series.Select(s => s.Name));
        Assert.Equal(MetricCatalog.All.Select(m => m.Name), series[0].MetricNames);
        Assert.Equal((50, _service.LastStep), (series[0].Steps, series[0].FirstStep + 49));
        foreach (var metric in MetricCatalog.All)
        {
            Assert.True(float.IsNaN(series[0].Values[(int)metric.Id][20]));
            Assert.Equal(Rows.Calm(21)[(int)metric.Id], series[0].Values[(int)metric.Id][21]);
            Assert.True(float.IsNaN(series[1].Values[(int)metric.Id][39]));
        }

        Assert.True(float.IsNaN(series[1].Values[(int)Metric.JavaCpu][45]));
        Assert.Equal(Rows.Calm(5)[(int)Metric.MemUsed], series[1].Values[(int)Metric.MemUsed][45]);
        var exports = Path.Combine(_service.Services.GetRequiredService<IConfiguration>()["Tft:DataDirectory"]!, "exports");
        await Infrastructure.Eventually.True(() => !Directory.EnumerateFiles(exports).Any(), "no file outlives its answer");
    }

    [Fact]
    public async Task ExportParquet_MoreThanTheDiskMayTake_Is413AndSaysHowToAskForLess()
    {
        using var small = _service.WithWebHostBuilder(b => b.UseSetting("Tft:ExportMegabytes", "1"));
        using var client = small.CreateClient();
        client.DefaultRequestHeaders.Add("X-API-Key", InferenceFixture.Key);
        for (var i = 0; i < 60; i++)
            _service.Windows.Add($"s{i:0000}", 288, _service.LastStep, step => Rows.Calm(step));
        small.Services.GetRequiredService<Tft.Inference.Forecasts.ForecastRunner>().RunChanged(default);

        using var answer = await client.GetAsync("/history/export?format=parquet");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("fewer servers", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/history/export?format=parquet&servers=s0001")).StatusCode);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private static IEnumerable<string> Names(JsonElement page) => page.GetProperty("predictions").EnumerateObject().Select(p => p.Name);

    private void Feed(int servers, int steps = 288)
    {
        for (var i = 0; i < servers; i++)
            _service.Windows.Add($"s{i:0000}", steps, _service.LastStep, step => Rows.Calm(step));
        _service.Runner.RunChanged(default);
    }

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path)).RootElement;
}
