using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>Stores and demonstrations in the wiring diagram, built but not started.</summary>
[Trait("Ring", "component")]
public sealed class DemoModelTests : ModelTests
{
    [Fact]
    public async Task Demo_ExistingServer_SeederAndAdapterGetItsConnectionStringAndTheAdapterWaits()
    {
        await using var builder = await DemoAsync("--Tft:Demo=elasticsearch", "--Tft:Elasticsearch=http://elastic:secret@es:9200", "--Tft:Demo:Servers=7");

        var seeder = await VariablesAsync(builder, "seed-elasticsearch");
        var adapter = await VariablesAsync(builder, "adapter-elasticsearch");
        var arguments = await ArgumentsAsync(builder, "seed-elasticsearch");
        Assert.Equal("http://elastic:secret@es:9200", seeder["ConnectionStrings__elasticsearch"]);
        Assert.Equal("http://elastic:secret@es:9200", adapter["ConnectionStrings__elasticsearch"]);
        Assert.Equal("tft-demo", seeder["Tft__Sources__elasticsearch__IndexPattern"]);
        Assert.Equal(("tft-demo", "tft"), (adapter["Tft__Sources__elasticsearch__IndexPattern"], adapter["Tft__Sources__elasticsearch__Preset"]));
        Assert.Equal(["seed", "--to", "elasticsearch", "--live", "--servers", "7", "--hours", "25"], arguments);
        Assert.Equal(["seed-elasticsearch", "inference"], WaitsOf(builder, "adapter-elasticsearch"));
        Assert.DoesNotContain(builder.Resources, resource => resource.Name is "adapter-simulator" or "adapter-host");
        Assert.DoesNotContain(adapter.Keys, key => key is "Tft__Demo" or "Tft__Elasticsearch" or "Tft__Demo__Servers");
    }

    [Theory]
    [InlineData("--Tft:MongoDb=mongodb://db/metrics", "mongodb", "mongodb://db/metrics")]
    [InlineData("--ConnectionStrings:mongodb=mongodb://db/metrics", "mongodb", "mongodb://db/metrics")]
    [InlineData("--ConnectionStrings:postgresql=Host=db", "postgresql", "Host=db")]
    public async Task Source_ExistingServer_TheAdapterGetsItsConnectionStringAndNothingIsStarted(string setting, string source, string expected)
    {
        await using var builder = await DemoAsync(setting, $"--Tft:Sources={source}");

        Assert.Equal(expected, (await VariablesAsync(builder, $"adapter-{source}"))[$"ConnectionStrings__{source}"]);
        Assert.Equal(["inference"], WaitsOf(builder, $"adapter-{source}"));
        Assert.DoesNotContain(builder.Resources, resource => resource is ContainerResource || resource.Name.StartsWith("seed-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Source_NothingConfigured_HasNoStore()
    {
        await using var builder = await DemoAsync("--Tft:Sources=mongodb,elasticsearch");

        Assert.Equal(["adapter-elasticsearch", "adapter-mongodb", "dashboard", "inference", "tft-api-key"], builder.Resources.Select(r => r.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--Tft:Demo=oracle", "Tft:Demo")]
    [InlineData("--Tft:Demo=files --Tft:Demo:Servers=many", "Tft:Demo:Servers")]
    [InlineData("--Tft:Sources=mongodb --Tft:MongoDb=conatiner", "Tft:MongoDb")]
    public async Task Demo_BadSetting_IsNamed(string settings, string key)
    {
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => DemoAsync(settings.Split(' ')));

        Assert.Contains(key, e.Message, StringComparison.Ordinal);
    }

    private Task<IDistributedApplicationTestingBuilder> DemoAsync(params string[] args) => CreateAsync(["--Tft:Redis=none", .. args]);

    private static async Task<IEnumerable<object>> ArgumentsAsync(IDistributedApplicationBuilder builder, string name)
    {
        var resource = builder.Resources.Single(resource => resource.Name == name);
        var context = new CommandLineArgsCallbackContext([], resource);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(context).DefaultTimeout();
        return context.Args;
    }
}
