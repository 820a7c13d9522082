using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat;

[Trait("Ring", "component")]
public sealed class RedisClientTests
{
    [Fact]
    public async Task AddRedisClient_ServerThere_ConnectsAndIsHealthy()
    {
        await using var redis = new RedisServer().Require();
        await redis.StartAsync().DefaultTimeout();
        using var host = Build(redis.ConnectionString);

        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await database.StringSetAsync("k", "v").DefaultTimeout();

        Assert.Equal("v", await database.StringGetAsync("k").DefaultTimeout());
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
    }

    [Fact]
    public async Task AddRedisClient_PasswordInConnectionString_IsUsed()
    {
        await using var redis = new RedisServer("--requirepass", "s3cret").Require();
        await redis.StartAsync().DefaultTimeout();
        using var right = Build($"{redis.ConnectionString},password=s3cret");
        using var wrong = Build($"{redis.ConnectionString},password=no,connectTimeout=500,syncTimeout=500");

        Assert.Equal(HealthStatus.Healthy, await HealthAsync(right));
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(wrong));
    }

    [Fact]
    public async Task AddRedisClient_ServerKilledAndBack_UnhealthyThenHealthyAgain()
    {
        await using var redis = new RedisServer().Require();
        await redis.StartAsync().DefaultTimeout();
        using var host = Build($"{redis.ConnectionString},connectTimeout=500,syncTimeout=500");
        await Eventually.True(async () => await HealthAsync(host) == HealthStatus.Healthy, "healthy at first");

        redis.Kill();
        await Eventually.True(async () => await HealthAsync(host) == HealthStatus.Unhealthy, "unhealthy without the server");
        await redis.StartAsync().DefaultTimeout();

        await Eventually.True(async () => await HealthAsync(host) == HealthStatus.Healthy, "healthy with the server back");
    }

    [Fact]
    public async Task AddRedisClient_ServerAwayAtStart_DoesNotThrow()
    {
        using var host = Build($"127.0.0.1:{Ports.Free()},connectTimeout=200,connectRetry=1");

        Assert.False(host.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected);
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(host));
    }

    [Fact]
    public void AddRedisClient_NoConnectionString_NamesTheKey()
    {
        using var host = Build(null);

        var e = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IConnectionMultiplexer>());

        Assert.Contains("ConnectionStrings:redis", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddRedisClient_HealthChecksDisabled_AddsNone()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true);

        Assert.DoesNotContain(builder.Services, s => s.ServiceType == typeof(HealthCheckService));
    }

    private static IHost Build(string? connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", connectionString)]);
        builder.Services.AddLogging();
        builder.AddRedisClient("redis");
        return builder.Build();
    }

    private static async Task<HealthStatus> HealthAsync(IHost host)
        => (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().DefaultTimeout()).Status;
}
