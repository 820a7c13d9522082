using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Forecasting.Data;
using Tft.Tests.Infrastructure;
using Tft.Tests.Models;
using Tft.Tests.Serving;

namespace Tft.Tests.State;

/// <summary>The whole service in process: a server that is new brings weeks along, is forecast by them, and still is after a restart.</summary>
[Trait("Ring", "service")]
public sealed class WeeksServiceTests : IDisposable
{
    private const int Days = 6;

    private readonly TempFolder _data = new();
    private readonly long _first = TimeGrid.StepOf(DateTimeOffset.UtcNow) - (Days * Protocol.Day);

    [Fact]
    public async Task Feed_DaysInOrderOfANewServer_AreKeptLearnedAndThereAfterARestart()
    {
        TinyModel.Save(_data.File("models"), StateRig.Version, WeeksModel.Model);
        using (var service = Start())
        {
            using var client = service.Client();
            await FeedAsync(client, WeeksModel.Series(seed: 8, days: Days));
            var history = await WaitAsync(client, h => h.GetProperty("states_of_fewer_days").GetInt32() == 1);
            Assert.Equal((1, 1, 0L), (history.GetProperty("servers").GetInt32(), history.GetProperty("states").GetInt32(), history.GetProperty("lost").GetInt64()));
            Assert.InRange(history.GetProperty("bytes").GetInt64(), 5_000, Days * 9_000);
            Assert.Equal("TFT", (await client.GetFromJsonAsync<JsonElement>("/predict/s8")).GetProperty("model_type").GetString());
            using var explained = await client.GetAsync("/explain/s8");
            Assert.Equal(HttpStatusCode.OK, explained.StatusCode);
        }

        using var again = Start();
        using var after = again.Client();
        var kept = await WaitAsync(after, h => h.GetProperty("states").GetInt32() == 1);
        Assert.Equal((1, 0L), (kept.GetProperty("servers").GetInt32(), kept.GetProperty("renewals").GetInt64()));
    }

    [Fact]
    public async Task Export_FromBeforeTheWindow_GivesEveryStepOnceWithItsValues()
    {
        TinyModel.Save(_data.File("models"), StateRig.Version, WeeksModel.Model);
        using var service = Start();
        using var client = service.Client();
        var series = WeeksModel.Series(seed: 8, days: Days);
        await FeedAsync(client, series);
        await WaitAsync(client, h => h.GetProperty("states_of_fewer_days").GetInt32() == 1);

        var from = TimeGrid.StartOf(_first).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var rows = Rows(await client.GetStringAsync($"/history/export?metric=mem_used_pct&from={from}"));

        // the newest step may not be closed yet
        Assert.InRange(rows.Length, series.Steps - 1, series.Steps);
        Assert.Equal(Enumerable.Range(0, rows.Length).Select(i => _first + i), rows.Select(r => r.Step));
        Assert.All(rows, r => Assert.Equal(series.Values[(int)Metric.MemUsed][(int)(r.Step - _first)], r.Value, 0.01));
        Assert.InRange(Rows(await client.GetStringAsync("/history/export?metric=mem_used_pct")).Length, 1, TimeGrid.WindowSteps);
        var to = TimeGrid.StartOf(_first + 9).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        Assert.Equal(10, Rows(await client.GetStringAsync($"/history/export?metric=mem_used_pct&from={from}&to={to}")).Length);

        var history = await client.GetFromJsonAsync<JsonElement>($"/history/s8?metric=mem_used_pct&from={from}&step=1800");
        Assert.Equal(TimeGrid.StartOf(_first), history.GetProperty("oldest_step").GetDateTimeOffset());
        Assert.Equal(TimeGrid.StartOf(_first), history.GetProperty("first_step").GetDateTimeOffset());
        var means = history.GetProperty("measured").GetProperty("mem_used_pct").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        Assert.Equal((rows.Length + 5) / 6, means.Length);
        Assert.Equal(rows.Take(6).Average(r => r.Value), means[0], 0.01);
        Assert.Equal(rows.Skip(6 * 100).Take(6).Average(r => r.Value), means[100], 0.01);
    }

    public void Dispose() => _data.Dispose();

    private static (long Step, float Value)[] Rows(string csv) =>
        [.. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))
            .Select(f => (TimeGrid.StepOf(DateTimeOffset.Parse(f[0], CultureInfo.InvariantCulture)), float.Parse(f[4], CultureInfo.InvariantCulture)))];

    private static async Task<JsonElement> WaitAsync(HttpClient client, Func<JsonElement, bool> condition)
    {
        var found = default(JsonElement);
        await Eventually.True(async () => condition(found = (await client.GetFromJsonAsync<JsonElement>("/status")).GetProperty("history")), "the state is there", Eventually.Long);
        return found;
    }

    private async Task FeedAsync(HttpClient client, ServerSeries series)
    {
        var body = new StringBuilder("[");
        for (var t = 0; t < series.Steps; t++)
        {
            body.Append(t == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{{\"timestamp\":\"{TimeGrid.StartOf(_first + t):O}\",\"server_name\":\"{series.Name}\",\"state\":\"healthy\"");
            for (var m = 0; m < series.Metrics; m++)
            {
                var metric = MetricCatalog.All[m];
                body.Append(CultureInfo.InvariantCulture, $",\"{metric.Name}\":{(metric.IsInteger ? MathF.Round(series.Values[m][t]) : series.Values[m][t])}");
            }

            body.Append('}');
        }

        using var content = new StringContent(body.Append(']').ToString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/feed", content);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
        Assert.Equal(series.Steps, JsonDocument.Parse(answer).RootElement.GetProperty("accepted").GetInt32());
    }

    private WholeService Start() => new(_data.Path, _data.File("models"));
}
