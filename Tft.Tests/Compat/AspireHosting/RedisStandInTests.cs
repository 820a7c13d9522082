using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using StackExchange.Redis;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>AddRedis without containers: a redis-server of this machine.</summary>
[Trait("Ring", "component")]
public sealed class RedisStandInTests
{
    [Fact]
    public async Task AddRedis_Healthy_AnswersUnderItsConnectionString()
    {
        SkipUnless.Program("redis-server");
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var redis = builder.AddRedis("cache");
        builder.AddScript("consumer", "env | grep -i -e ^CACHE_ -e ^ConnectionStrings; echo end; exec sleep 300").WithReference(redis).WaitFor(redis);
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("consumer").DefaultTimeout();

        var connection = await app.GetConnectionStringAsync("cache").DefaultTimeout();
        using var client = await ConnectionMultiplexer.ConnectAsync(connection!).DefaultTimeout();
        var settings = (RedisResult[])(await client.GetDatabase().ExecuteAsync("CONFIG", "GET", "maxmemory-policy").DefaultTimeout())!;
        var appendFsync = (RedisResult[])(await client.GetDatabase().ExecuteAsync("CONFIG", "GET", "appendfsync").DefaultTimeout())!;
        var lines = await app.LinesOf("consumer", until: line => line == "end");

        var port = app.GetEndpoint("cache", "tcp").Port;
        Assert.Matches($"^localhost:{port},password=[A-Za-z0-9]{{22}}$", connection);
        var password = connection!.Split("password=")[1];
        Assert.Equal(
            [$"CACHE_HOST=localhost", $"CACHE_PASSWORD={password}", $"CACHE_PORT={port}", $"CACHE_URI=redis://:{password}@localhost:{port}", $"ConnectionStrings__cache={connection}"],
            lines.Where(line => line.Contains('=', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(("noeviction", "everysec"), ((string)settings[1]!, (string)appendFsync[1]!));
    }

    [Fact]
    public async Task AddRedis_WithDataVolume_KeepsDataOverARestartAndTheSecretToItself()
    {
        SkipUnless.Program("redis-server");
        using var folder = new TempFolder();
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddRedis("cache").WithDataBindMount(folder.Path).WithPersistence();
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("cache").DefaultTimeout();
        var connection = await app.GetConnectionStringAsync("cache").DefaultTimeout();
        using (var client = await ConnectionMultiplexer.ConnectAsync(connection!).DefaultTimeout())
            await client.GetDatabase().StringSetAsync("kept", "yes").DefaultTimeout();

        await app.ResourceCommands.ExecuteCommandAsync("cache", KnownResourceCommands.RestartCommand).DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("cache").DefaultTimeout();

        using var again = await ConnectionMultiplexer.ConnectAsync(connection!).DefaultTimeout();
        Assert.Equal("yes", await again.GetDatabase().StringGetAsync("kept").DefaultTimeout());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("redis.conf")));
    }

    [Fact]
    public async Task Stop_DataIsNotKept_LeavesNoFolder()
    {
        SkipUnless.Program("redis-server");
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddRedis("cache");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("cache").DefaultTimeout();
        var connection = await app.GetConnectionStringAsync("cache").DefaultTimeout();
        string folder;
        using (var client = await ConnectionMultiplexer.ConnectAsync(connection!).DefaultTimeout())
            folder = (string)((RedisResult[])(await client.GetDatabase().ExecuteAsync("CONFIG", "GET", "dir").DefaultTimeout())!)[1]!;
        Assert.True(File.Exists(Path.Combine(folder, "redis.conf")));

        await app.StopAsync().DefaultTimeout();

        Assert.False(Directory.Exists(folder), folder);
    }
}
