using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.ResourcePage;
using Microsoft.Extensions.DependencyInjection;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>The page that lists resources: what it shows, and whom it obeys.</summary>
[Trait("Ring", "component")]
public sealed class ResourcePageTests : IAsyncLifetime
{
    private DistributedApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = DistributedApplication.CreateBuilder(["--ASPNETCORE_URLS=http://localhost:0", "--DcpPublisher:RandomizePorts=true"]);
        builder.AddScript("talker", "echo '<script>alert(1)</script>'; exec sleep 300").WithHttpEndpoint();
        _app = builder.Build();
        await _app.StartAsync().DefaultTimeout();
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("talker").DefaultTimeout();
        await _app.LinesOf("talker", until: line => line.StartsWith("<script>", StringComparison.Ordinal));
        _client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(_app.Services.GetRequiredService<ResourcePageServer>().Url!),
        };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync().DefaultTimeout();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Get_Page_ShowsStateHealthUrlAndTheEncodedLog()
    {
        var html = await _client.GetStringAsync("/").DefaultTimeout();

        Assert.Contains("talker", html, StringComparison.Ordinal);
        Assert.Contains("Running", html, StringComparison.Ordinal);
        Assert.Contains("Healthy", html, StringComparison.Ordinal);
        Assert.Contains("http://localhost:", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", await _client.GetStringAsync("/logs/talker").DefaultTimeout(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/logs/nobody").DefaultTimeout()).StatusCode);
    }

    [Fact]
    public async Task Post_WithTheFormsToken_StopsAndStarts()
    {
        var token = await TokenAsync();

        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync("stop", token)).StatusCode);
        Assert.True(_app.ResourceNotifications.TryGetCurrentState("talker", out var stopped));
        Assert.Equal(KnownResourceStates.Finished, stopped.Snapshot.State!.Text);

        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync("start", token)).StatusCode);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("talker").DefaultTimeout();
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("explode", token)).StatusCode);
    }

    [Fact]
    public async Task Post_ForgedByAnotherSite_IsRefusedAndNothingStops()
    {
        var token = await TokenAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("stop", "guessed")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("stop", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("stop", token, origin: "http://evil.example")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("stop", token, origin: "null")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("stop", token, host: "evil.example")).StatusCode);

        Assert.True(_app.ResourceNotifications.TryGetCurrentState("talker", out var state));
        Assert.Equal(KnownResourceStates.Running, state.Snapshot.State!.Text);
    }

    [Fact]
    public async Task Get_UnderAForeignName_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "rebound.example" } };

        var response = await _client.SendAsync(request).DefaultTimeout();

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("talker", await response.Content.ReadAsStringAsync().DefaultTimeout(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAnyOtherAddressThanLoopback_IsRefused()
    {
        var builder = DistributedApplication.CreateBuilder(["--ASPNETCORE_URLS=http://0.0.0.0:0"]);
        await using var app = builder.Build();

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync().DefaultTimeout());

        Assert.Contains("loopback", e.Message, StringComparison.Ordinal);
    }

    private async Task<string> TokenAsync()
    {
        const string before = "name=\"token\" value=\"";
        var html = await _client.GetStringAsync("/").DefaultTimeout();
        var start = html.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return html[start..html.IndexOf('"', start)];
    }

    private async Task<HttpResponseMessage> PostAsync(string command, string? token, string? origin = null, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/resources/talker/{command}")
        {
            Content = new FormUrlEncodedContent(token is null ? [] : new Dictionary<string, string> { ["token"] = token }),
        };
        request.Headers.Host = host;
        request.Headers.Add("Origin", origin ?? _client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return await _client.SendAsync(request).DefaultTimeout();
    }
}
