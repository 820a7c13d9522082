using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Tests.Serving;

namespace Tft.Tests.Remediation;

[Trait("Ring", "service")]
public sealed class RemediationEndpointTests : IDisposable
{
    private const string Hostile = "<img src=x>";

    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;

    public RemediationEndpointTests() => _client = _service.Client();

    [Fact]
    public async Task Suggestions_OfACalmFleet_AreNone()
    {
        _service.Windows.Add("ppweb001", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);

        var answer = await AskAsync();

        Assert.Equal((0, 0, 0), (answer.Suggestions.Count, answer.Total, answer.Runbooks.Count));
    }

    [Fact]
    public async Task Suggestions_NameServerReasonAlertAndRunbook_WorstFirst()
    {
        Fill();

        var answer = await AskAsync();

        Assert.Equal(answer.Total, answer.Suggestions.Count);
        Assert.Equal(0, answer.WithoutRunbook);
        var memory = answer.Suggestions.Single(s => s.Server == "ppweb001" && s.Metric == "mem_used_pct");
        Assert.Equal(("memory-now", "web_api", "critical", 0, "measured"), (memory.Runbook, memory.Profile, memory.Level, memory.LeadMinutes, memory.Quantile));
        Assert.Equal("memory is at 97 % (critical from 95 %)", memory.Reasons[0]);
        Assert.Equal("firing", memory.AlertState);
        // the same value is calm on a database, whose thresholds are others
        Assert.DoesNotContain(answer.Suggestions, s => s.Server == "ppdb001" && s.Level == "critical");
        Assert.Equal("disk-now", answer.Suggestions.Single(s => s.Server == Hostile).Runbook);
        Assert.Equal("warning", answer.Suggestions[^1].Level);
        Assert.Equal("critical", answer.Suggestions[0].Level);
        Assert.Equal(answer.Suggestions.Select(s => s.Runbook).Distinct().Order(), answer.Runbooks.Select(r => r.Id).Order());
        // an edge of a band alone is no critical
        Assert.All(answer.Suggestions.Where(s => s.Quantile is "p10" or "p90" && s.AlertState != "firing"), s => Assert.Equal("warning", s.Level));
        Assert.All(answer.Runbooks, r => Assert.All(r.Steps, s => Assert.All([s.Look, s.Do, s.Risk, s.Back], t => Assert.NotEmpty(t))));
    }

    [Fact]
    public async Task Decide_IsKeptWithWhatTheServiceSaid_AndShownWithTheSuggestionForADay()
    {
        Fill();
        using var made = await DecideAsync(new { server = "ppweb001", runbook = "memory-now", decision = "approved", by = " ana\u0007 ", remark = "=1+1\nat noon" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var bare = await DecideAsync(new { server = Hostile, runbook = "swap", decision = "declined" });

        var record = await RecordAsync();
        Assert.Equal(["swap", "memory-now"], record.Approvals.Select(a => a.Runbook));
        var first = record.Approvals[1];
        Assert.Equal(("ana", "=1+1 at noon", "approved", "critical"), (first.By, first.Remark, first.Decision, first.Level));
        Assert.Equal(("memory is at 97 % (critical from 95 %)", _service.Clock.GetUtcNow()), (first.Reason, first.At));
        // nothing suggested that
        Assert.Equal(("env", null, Hostile), (record.Approvals[0].By, record.Approvals[0].Reason, record.Approvals[0].Server));

        Assert.Equal(first, (await AskAsync()).Suggestions.Single(s => s.Runbook == "memory-now").Decision);
        _service.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Null((await AskAsync()).Suggestions.Single(s => s.Runbook == "memory-now").Decision);
    }

    [Theory]
    [InlineData("""{"runbook":"swap","decision":"approved"}""", 400, "bad_body")]
    [InlineData("""{"server":"ppweb001","decision":"approved"}""", 400, "bad_body")]
    [InlineData("""{"server":"ppweb001","runbook":"swap","decision":"run"}""", 400, "bad_body")]
    [InlineData("""{"server":"ppweb001","runbook":"none","decision":"approved"}""", 404, "unknown_runbook")]
    [InlineData("""{"server":"nobody","runbook":"swap","decision":"approved"}""", 404, "unknown_server")]
    [InlineData("""{"server":"tft","runbook":"swap","decision":"approved"}""", 404, "unknown_server")]
    [InlineData("""{"server":""", 400, "not_json")]
    public async Task Decide_WhatCannotBe_IsRefusedAndNotKept(string body, int status, string code)
    {
        Fill();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync("/remediation/approvals", content);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await RecordAsync()).Approvals);
    }

    [Fact]
    public async Task Decide_TooLong_IsRefused()
    {
        Fill();
        using var by = await DecideAsync(new { server = "ppweb001", runbook = "swap", decision = "approved", by = new string('a', 101) });
        using var remark = await DecideAsync(new { server = "ppweb001", runbook = "swap", decision = "approved", remark = new string('a', 1001) });
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (by.StatusCode, remark.StatusCode));
    }

    [Fact]
    public async Task Decide_DiskFails_IsSaidAndNotKept()
    {
        Fill();
        var folder = _service.Services.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["Tft:DataDirectory"]!;
        Directory.CreateDirectory(Path.Combine(folder, "approvals.json.tmp"));

        using var response = await DecideAsync(new { server = "ppweb001", runbook = "swap", decision = "approved" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("not_kept", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await RecordAsync()).Approvals);
    }

    // What a page says of itself, that it carries nothing out, is so: there is nothing to ask for it.
    [Fact]
    public void Routes_OfRemediation_AreThree()
    {
        var routes = _service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.Contains("remediation", StringComparison.Ordinal))
            .Select(e => $"{string.Join(',', e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)} {e.RoutePattern.RawText}");
        Assert.Equal(["GET /remediation", "GET /remediation/approvals", "POST /remediation/approvals"], routes.Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private void Fill()
    {
        var web = _service.Windows.Add("ppweb001", 288, _service.LastStep, i => Rows.Calm(i), Tft.Contract.Servers.ServerProfile.WebApi);
        var database = _service.Windows.Add("ppdb001", 288, _service.LastStep, i => Rows.Calm(i), Tft.Contract.Servers.ServerProfile.Database);
        var hostile = _service.Windows.Add(Hostile, 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        for (var i = 0; i < 3; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(web, Rows.Calm(i).With(Metric.MemUsed, 97));
            _service.Windows.Close(database, Rows.Calm(i).With(Metric.MemUsed, 97));
            _service.Windows.Close(hostile, Rows.Calm(i).With(Metric.DiskUsage, 90));
            _service.Runner.RunChanged(default);
        }
    }

    private Task<HttpResponseMessage> DecideAsync(object body) => _client.PostAsJsonAsync("/remediation/approvals", body);

    private async Task<RemediationResponse> AskAsync() => (await _client.GetFromJsonAsync("/remediation", ContractJson.Default.RemediationResponse))!;

    private async Task<ApprovalsResponse> RecordAsync() => (await _client.GetFromJsonAsync("/remediation/approvals", ContractJson.Default.ApprovalsResponse))!;
}
