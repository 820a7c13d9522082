using System.Net;
using System.Text;
using Tft.Dashboard.Explain;
using Tft.Dashboard.Fleet;
using Tft.Dashboard.Inference;

namespace Tft.Tests.Dashboard.Contract;

/// <summary>The dashboard reads the contract's own examples.</summary>
[Trait("Ring", "unit")]
public sealed class FixtureTests
{
    private static InferenceApi Answering(string file) => new(new OneAnswer(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dashboard", "Contract", file))));

    [Fact]
    public async Task Page_ContractExample_BecomesARow()
    {
        var page = await Answering("predict.response.json").GetPageAsync(ServerRow.Metrics, null, default);

        var (name, prediction) = Assert.Single(page.Predictions);
        var row = ServerRow.From(name, prediction);
        Assert.Equal(("ppml0001", "ml_compute"), (row.Name, row.Profile));
        Assert.Equal(100 - 20.2f, row.Glances[ServerRow.Cpu].Now, 0.01);
        Assert.Equal(100 - 18.99f, row.Glances[ServerRow.Cpu].In8h.P90, 0.01);
        Assert.Equal(85.2f, row.Glances[ServerRow.Memory].In1h.P50, 0.01);
        Assert.False(row.IsFallback);
    }

    [Fact]
    public async Task Server_ContractExample_BecomesASeries()
    {
        var forecast = (await Answering("predict-server.response.json").GetServerAsync("ppml0001", default))!;

        var series = Assert.Single(Tft.Dashboard.Charts.BandSeries.AllOf(forecast, null));

        Assert.Equal(("mem_used_pct", "%", 96), (series.Key, series.Unit, series.P50.Length));
        Assert.Equal(forecast.Origin.AddMinutes(5), series.ForecastFrom);
    }

    [Fact]
    public async Task Status_ContractExample_HasItsSource() =>
        Assert.Equal("simulator", Assert.Single((await Answering("status.response.json").GetStatusAsync(default)).Sources).Name);

    [Fact]
    public async Task Explanation_ContractExample_HasWeightsAndNoAttentionToDraw()
    {
        var explanation = (await Answering("explain.response.json").GetExplanationAsync("ppml0001", default))!;

        Assert.Equal(("mem_used_pct", 0.31), (explanation.HistoryWeights.First().Key, explanation.HistoryWeights.First().Value));
        Assert.Equal([30, 60, 480], AttentionProfile.LeadsOf(explanation));
        // the example's rows are cut after two steps
        Assert.Null(AttentionProfile.Of(explanation, 60, DateTimeOffset.UnixEpoch));
    }

    private sealed class OneAnswer(string json) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { BaseAddress = new Uri("http://inference") };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") });
    }
}
