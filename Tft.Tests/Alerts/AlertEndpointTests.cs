using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tft.Contract.Metrics;
using Tft.Tests.Serving;

namespace Tft.Tests.Alerts;

[Trait("Ring", "service")]
public sealed class AlertEndpointTests : IDisposable
{
    private readonly InferenceFixture _service = new();
    private readonly HttpClient _client;

    public AlertEndpointTests() => _client = _service.Client();

    [Fact]
    public async Task Active_FiringAlert_HasTheShapeOfTheExample()
    {
        Fire();
        var answer = await GetAsync("/alerts/active");
        Assert.Empty(JsonShape.Faults(JsonShape.Example("alerts.response.json"), answer));
        var alert = answer.GetProperty("alerts").EnumerateArray().First();
        Assert.Equal("firing", alert.GetProperty("state").GetString());
        Assert.Equal("memory is at 97 % (critical from 95 %)", alert.GetProperty("reasons")[0].GetProperty("text").GetString());
        Assert.Equal(95, alert.GetProperty("threshold").GetDouble());
        Assert.NotEmpty((await GetAsync("/alerts")).GetProperty("alerts").EnumerateArray());
    }

    [Fact]
    public async Task Acknowledge_WithAndWithoutBody_NamesWho()
    {
        Fire();
        var id = (await GetAsync("/alerts/active")).GetProperty("alerts")[0].GetProperty("id").GetString();
        using var bare = await _client.PostAsync($"/alerts/{id}/ack", null);
        Assert.Equal("env", (await ReadAsync(bare)).GetProperty("acknowledged_by").GetString());
        using var named = await _client.PostAsJsonAsync($"/alerts/{id}/ack", new { by = "ana" });
        Assert.Equal("ana", (await ReadAsync(named)).GetProperty("acknowledged_by").GetString());
        using var unknown = await _client.PostAsync("/alerts/none/ack", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("unknown_alert", (await ReadAsync(unknown)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Silences_AddedListedRemoved()
    {
        using var added = await _client.PostAsJsonAsync("/silences", new { server = "hot*", duration_minutes = 60, comment = "memory upgrade" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var silence = await ReadAsync(added);
        Assert.Equal(_service.Clock.GetUtcNow().AddHours(1), silence.GetProperty("ends_at").GetDateTimeOffset());
        Fire();
        Assert.NotEqual(JsonValueKind.Null, (await GetAsync("/alerts/active")).GetProperty("alerts")[0].GetProperty("silenced_until").ValueKind);

        var id = silence.GetProperty("id").GetString();
        Assert.Single((await GetAsync("/silences")).GetProperty("silences").EnumerateArray());
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync($"/silences/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync($"/silences/{id}")).StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"duration_minutes\":-5}")]
    [InlineData("{\"duration_minutes\":60,\"metric\":\"cpu\"}")]
    [InlineData("{\"duration_minutes\":60,\"rule\":\"any\"}")]
    [InlineData("{\"ends_at\":\"2020-01-01T00:00:00Z\"}")]
    [InlineData("{\"duration_minutes\":")]
    [InlineData("null")]
    public async Task Silences_WhatCannotBe_Answers400(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync("/silences", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    private void Fire()
    {
        var server = _service.Windows.Add("hot001", 288, _service.LastStep, i => Rows.Calm(i));
        _service.Runner.RunChanged(default);
        for (var i = 0; i < 3; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(5));
            _service.Windows.Close(server, Rows.Calm(i).With(Metric.MemUsed, 97));
            _service.Runner.RunChanged(default);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await _client.GetStringAsync(path)).RootElement;
}
