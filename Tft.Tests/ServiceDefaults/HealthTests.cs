using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tft.ServiceDefaults;
using Tft.ServiceDefaults.Health;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.ServiceDefaults;

[Trait("Ring", "component")]
public sealed class HealthTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Health_ChecksHealthy_200WithWordsOfTheChecks(string environment)
    {
        await using var app = await StartAsync(environment, services =>
        {
            services.Configure<HealthOptions>(o => o.Service = "tft_inference_daemon");
            services.AddHealthChecks()
                .AddCheck("journal", () => HealthCheckResult.Healthy())
                .AddCheck("model", () => HealthCheckResult.Healthy(data: new Dictionary<string, object> { ["status"] = "fallback" }));
        });

        var (status, body) = await GetAsync(app, "/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":"healthy","service":"tft_inference_daemon","running":true,"checks":{"journal":"healthy","model":"fallback"}}""", body);
    }

    [Theory]
    [InlineData(HealthStatus.Degraded, HttpStatusCode.OK, "degraded")]
    [InlineData(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable, "unhealthy")]
    public async Task Health_CheckFails_WordAndCodeButNoDetail(HealthStatus check, HttpStatusCode expected, string word)
    {
        await using var app = await StartAsync("Production", services => services.AddHealthChecks()
            .AddCheck("journal", () => new HealthCheckResult(check, "redis at 10.0.0.1 said no", new InvalidOperationException("secret"))));

        var (status, body) = await GetAsync(app, "/health");

        Assert.Equal(expected, status);
        Assert.Equal(word, JsonDocument.Parse(body).RootElement.GetProperty("status").GetString());
        Assert.Equal(word, JsonDocument.Parse(body).RootElement.GetProperty("checks").GetProperty("journal").GetString());
        Assert.DoesNotContain("10.0.0.1", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alive_CheckUnhealthy_200AllTheSame()
    {
        await using var app = await StartAsync("Production", services => services.AddHealthChecks()
            .AddCheck("journal", () => HealthCheckResult.Unhealthy()));

        var (status, _) = await GetAsync(app, "/alive");

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Health_Stopping_503()
    {
        await using var app = await StartAsync("Production", static _ => { });
        app.Lifetime.StopApplication();

        var (status, body) = await GetAsync(app, "/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"stopping\"", body, StringComparison.Ordinal);
        Assert.Contains("\"running\":false", body, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(string environment, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.AddServiceDefaults();
        configure(builder.Services);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync().DefaultTimeout();
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(WebApplication app, string path)
    {
        using var client = app.GetTestClient();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative)).DefaultTimeout();
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
