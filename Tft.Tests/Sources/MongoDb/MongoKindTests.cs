using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Seeding;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.MongoDb;
using Tft.Tests.Adapters;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.MongoDb;

/// <summary>Settings: this project's shape, and the two that people bring along.</summary>
[Trait("Ring", "component")]
public sealed class MongoKindTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public MongoKindTests() => SkipUnless.True(MongoStore.LibraryIsThere, "MongoDB's C driver is not installed (apt-get install libmongoc-1.0-0)");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"mongodb": {"uri": "mongodb://ADDRESS/", "database": "m", "collection": "metrics", "username": "u", "password": "p@"}, "fetch_interval": 5, "batch_size": 100}""")]
    [InlineData("""{"mongodb": {"uri": "mongodb://u:p%40@ADDRESS/m?authSource=admin", "page_size": 10, "time_field": "timestamp"}}""")]
    [InlineData("""{"database": {"host": "127.0.0.1", "port": PORT, "database": "m", "collection": "metrics", "auth": {"username": "u", "password": "p@"}}} // the older one""")]
    public async Task Adapter_ConfigFilesOfAllShapes_ReadsAndShowsTheMapping(string file)
    {
        await using var server = await MongoDouble.StartAsync(new MongoDoubleOptions { User = "u", Password = "p@" });
        server.Data.Collection("m", "metrics").Add(new BsonDocument
        {
            { "_id", 1 }, { "timestamp", DateTime.UtcNow }, { "hostname", "web-01" }, { "cpu", new BsonDocument("pct", 21.5) }, { "mem_used_pct", "48.1" },
        });
        var config = _folder.File("adapter.json");
        await File.WriteAllTextAsync(config, file.Replace("ADDRESS", server.Address, StringComparison.Ordinal).Replace("PORT", server.Port.ToString(), StringComparison.Ordinal));
        using var adapter = AdapterProcess.Start(_folder, "http://127.0.0.1:9", "mongodb", "--config", config, "--once", "--verbose", "--dry-run");

        Assert.True(await adapter.ExitAsync() == 0, adapter.Output);

        await Eventually.Passes(() =>
        {
            Assert.Contains("web-01 at ", adapter.Output, StringComparison.Ordinal);
            Assert.Matches("cpu_user_pct +cpu\\.pct +21\\.5 +21\\.5 %", adapter.Output);
            Assert.Matches("mem_used_pct +mem_used_pct +48\\.1 +48\\.1 %", adapter.Output);
            Assert.Contains("metrics has no index on timestamp", adapter.Output, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        Assert.DoesNotContain("p@", adapter.Output.Replace("p@ss", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapter_DriverIsNotInstalled_EndsWithOneLineThatSaysWhatToInstall()
    {
        // Found before the system's own, and none: as on a machine that lacks it.
        await File.WriteAllTextAsync(_folder.File("libmongoc-1.0.so.0"), "");
        await using var adapter = ServiceProcess.Start(
            "Tft.Adapters", _folder, [new("LD_LIBRARY_PATH", _folder.Path), new("ConnectionStrings:mongodb", "mongodb://u:s3cret@127.0.0.1:9/m")], ["mongodb", "--once"]);

        Assert.Equal(2, await adapter.ExitAsync());

        await Eventually.Passes(() =>
        {
            var line = Assert.Single(adapter.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            Assert.Contains("MongoDB's C driver is not installed (libmongoc-1.0.so.0): on Debian and Ubuntu apt-get install libmongoc-1.0-0", line, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Add_ConnectionStringOfAnAppHost_IsUsed()
    {
        await using var server = await MongoDouble.StartAsync(new MongoDoubleOptions { User = "admin", Password = "pw" });
        var builder = Builder(("ConnectionStrings:mongodb", $"mongodb://admin:pw@{server.Address}/tft?authSource=admin&authMechanism=SCRAM-SHA-256"));
        new MongoKind().Add(builder, new AdapterOptions());
        await using var app = builder.Build();

        var pages = app.Services.GetRequiredService<IMetricSource>().ReadAsync(new ReadRange(DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow, null), default);
        await foreach (var page in pages)
            Assert.Empty(page.Records);

        Assert.Contains(server.Commands, c => c.Name == "find" && c.Body["$db"].AsString == "tft" && c.Body["find"].AsString == "metrics");
        // The adapter's health is the source's, which is never unhealthy.
        Assert.DoesNotContain(app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckServiceOptions>>().Value.Registrations, r => r.Name == "MongoDB.Driver");
    }

    [Theory]
    [InlineData("Uri", "mongodb://u:very-secret@h:port/", "Tft:Sources:mongodb:Uri")]
    [InlineData("Uri", "http://u:very-secret@h/", "Tft:Sources:mongodb:Uri")]
    [InlineData("Database", "", "Tft:Sources:mongodb:Database")]
    [InlineData("Port", "0", "Tft:Sources:mongodb:Port")]
    [InlineData("TimeField", "meta..time", "TimeField: 'meta..time' is not a path")]
    [InlineData("Filter", "{env: prod", "Tft:Sources:mongodb:Filter")]
    [InlineData("Auth:Usr", "x", "Tft:Sources:mongodb:Auth:Usr")]
    [InlineData("Colection", "x", "Tft:Sources:mongodb:Colection")]
    public void Add_WrongSetting_NamesTheKeyAndNoSecret(string key, string value, string named)
    {
        var builder = Builder(("Tft:Sources:mongodb:Database", "m"), ("Tft:Sources:mongodb:" + key, value));

        var e = Assert.Throws<ConfigurationException>(() => new MongoKind().Add(builder, new AdapterOptions()));

        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_TimeoutsOfTheConnectionString_StayAsTheyAre()
    {
        var settings = MongoClientSettings.FromConnectionString("mongodb://h/m?socketTimeoutMS=1234");
        MongoConnection.Of(new MongoOptions { Uri = "mongodb://h/m?socketTimeoutMS=1234", CommandTimeout = 7 }, "s", null).Configure(settings);
        Assert.NotEqual(TimeSpan.FromSeconds(17), settings.SocketTimeout);

        settings = MongoClientSettings.FromConnectionString("mongodb://h/m");
        MongoConnection.Of(new MongoOptions { Uri = "mongodb://h/m", CommandTimeout = 7 }, "s", null).Configure(settings);
        Assert.Equal(TimeSpan.FromSeconds(17), settings.SocketTimeout);
    }

    [Theory]
    [InlineData("Database", "")]
    [InlineData("TimeField", "meta.time")]
    public void SeedTarget_SettingThatCantBeWrittenTo_IsNamed(string key, string value)
    {
        var configuration = Builder(("Tft:Sources:mongodb:Database", "m"), ($"Tft:Sources:mongodb:{key}", value)).Configuration;

        var e = Assert.Throws<ConfigurationException>(() => SeedTargets.Find("mongodb")!.Create(configuration, "Tft:Sources:mongodb", new SeedPlan(new(), 1, 15, false)));

        Assert.Contains($"Tft:Sources:mongodb:{key}", e.Message, StringComparison.Ordinal);
    }

    private static WebApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.Services.AddSingleton(MappingTrace.Off).AddSingleton(TimeProvider.System);
        return builder;
    }
}
