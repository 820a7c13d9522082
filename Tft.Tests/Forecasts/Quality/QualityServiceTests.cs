using System.Globalization;
using System.Text;
using System.Text.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Time;
using Tft.Tests.Infrastructure;
using Tft.Tests.Serving;

namespace Tft.Tests.Forecasts.Quality;

/// <summary>The whole service: its figures are there again when it is.</summary>
[Trait("Ring", "service")]
public sealed class QualityServiceTests : IDisposable
{
    private const int Window = 60;

    private readonly TempFolder _data = new();

    /// <summary>Steps of some hours ago, so that what the service does with the time of day is nothing to them.</summary>
    private readonly long _first = TimeGrid.StepOf(DateTimeOffset.UtcNow) - 120;

    [Fact]
    public async Task Restart_FiguresOfAServer_GoOn()
    {
        long before;
        using (var service = new WholeService(_data.Path))
        {
            using var client = service.Client();
            await FeedAsync(client, 0, Window);
            await QualityAsync(client, 0);
            // an hour later what that forecast said of its twelfth step is compared with what came
            await FeedAsync(client, Window, Window + 13);
            before = await QualityAsync(client, 1);
        }

        using var again = new WholeService(_data.Path);
        using var reader = again.Client();
        // as soon as there is a forecast, which itself has outcomes only an hour later; more were counted where the service stopped in the midst of these steps
        Assert.True(await QualityAsync(reader, 0) >= before);
    }

    public void Dispose() => _data.Dispose();

    /// <summary>Outcomes of a metric, as soon as there are so many.</summary>
    private static async Task<long> QualityAsync(HttpClient client, long least)
    {
        var found = await Eventually.Value(async () =>
        {
            using var answer = await client.GetAsync("/predict/server");
            if (!answer.IsSuccessStatusCode)
                return null;
            var forecast = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), ContractJson.Default.ServerForecast)!;
            return forecast.Predictions["mem_used_pct"].Quality is { } quality && quality.N >= least ? quality : null;
        });
        return found.N;
    }

    private async Task FeedAsync(HttpClient client, int from, int to)
    {
        var text = new StringBuilder("[");
        for (var step = _first + from; step < _first + to; step++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(step > _first + from ? "," : "")}{{\"timestamp\":\"{TimeGrid.StartOf(step).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",\"server_name\":\"server\"");
            var values = Rows.Calm((int)(step % 288));
            foreach (var metric in MetricCatalog.All)
                text.Append(CultureInfo.InvariantCulture, $",\"{metric.Name}\":{values.Get(metric.Id)}");
            text.Append('}');
        }

        using var content = new StringContent(text.Append(']').ToString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/feed", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
