using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;
using Tft.Inference.Cascades;
using Tft.Tests.Serving;

namespace Tft.Tests.Cascades;

[Trait("Ring", "service")]
public sealed class CascadeEndpointTests : IDisposable
{
    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;

    public CascadeEndpointTests() => _client = _service.Client();

    [Fact]
    public async Task Cascades_NothingYet_IsAnAnswer()
    {
        var answer = await AskAsync();
        Assert.Equal((0, 0, 0, 0), (answer.AtRisk, answer.Rising, answer.Groups.Count, answer.Total));
        Assert.Equal(TimeSpan.FromHours(8), answer.Origin - answer.From);
    }

    [Fact]
    public async Task Cascades_TwoRiseOneAfterTheOther_AndOneWasAlwaysHigh()
    {
        var database = _service.Windows.Add("ppdb001", 288, _service.LastStep, i => Rows.Calm(i), ServerProfile.Database);
        var web = _service.Windows.Add("ppweb001", 288, _service.LastStep, i => Rows.Calm(i), ServerProfile.WebApi);
        var high = _service.Windows.Add("ppweb002", 288, _service.LastStep, i => Rows.Calm(i).With(Metric.MemUsed, 92), ServerProfile.WebApi);
        _service.Runner.RunChanged(default);
        var start = _service.LastStep;
        for (var i = 0; i < 30; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(database, Rows.Calm(i).With(Metric.CpuIoWait, Wave(i)));
            _service.Windows.Close(web, Rows.Calm(i).With(Metric.MemUsed, 40 + Wave(i - 3)));
            _service.Windows.Close(high, Rows.Calm(i).With(Metric.MemUsed, 92));
            _service.Runner.RunChanged(default);
        }

        _service.Services.GetRequiredService<CascadeWatch>().Look(default);
        var answer = await AskAsync();

        Assert.Equal((3, 3, 2, 0), (answer.AtRisk, answer.Considered, answer.Rising, answer.Alone));
        var group = Assert.Single(answer.Groups);
        Assert.Equal(["ppdb001", "ppweb001"], group.Members.Select(m => m.Server));
        Assert.Equal(["cpu_iowait_pct", "mem_used_pct"], group.Members.Select(m => m.Metric));
        Assert.InRange(group.Members[1].ShiftMinutes!.Value, 10, 20);
        // its thresholds are higher up the same rise
        Assert.InRange(group.Members[1].LagMinutes, 15, 35);
        Assert.True(group.Members[1].Correlation > 0.8, $"{group.Members[1].Correlation}");
        Assert.Equal([("database", 1, 0), ("web_api", 1, group.Members[1].LagMinutes)], group.Profiles.Select(p => (p.Profile, p.Servers, p.FirstLagMinutes)));
        Assert.All(group.Members, m => Assert.Equal(RiskTrack.Steps, m.Course.Count));
        // what was measured of a member is its risk as the service says it
        Assert.All(group.Members, m => Assert.True(m.Course[95] >= 40 && m.Course[10] == 0, $"{m.Course[10]} {m.Course[95]}"));
        Assert.Equal(0, group.Explained);

        // up to 80 % over half an hour, and there it stays
        static float Wave(int i) => i < 8 ? 4 : Math.Min(56, 4 + ((i - 7) * 8f));
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private async Task<CascadesResponse> AskAsync() => (await _client.GetFromJsonAsync("/cascades", ContractJson.Default.CascadesResponse))!;
}
