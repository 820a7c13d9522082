using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>The wiring diagram, built but not started.</summary>
[Trait("Ring", "component")]
public sealed class AppHostModelTests : ModelTests
{
    [Fact]
    public async Task Create_Defaults_HasTheServicesAndBothSources()
    {
        await using var builder = await CreateAsync("--Tft:Redis=none");

        Assert.Equal(
            ["adapter-host", "adapter-simulator", "dashboard", "inference", "tft-api-key"],
            builder.Resources.Select(resource => resource.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["inference"], WaitsOf(builder, "dashboard"));
        Assert.Equal(["inference"], WaitsOf(builder, "adapter-host"));
        Assert.Empty(WaitsOf(builder, "inference"));
    }

    [Fact]
    public async Task Create_LocalRedis_InferenceWaitsForTheServer()
    {
        await using var builder = await CreateAsync("--Tft:Redis=local", "--Tft:Sources=");

        Assert.Equal(["redis-server"], WaitsOf(builder, "inference"));
        Assert.Contains(builder.Resources, resource => resource.Name == "redis");
    }

    [Fact]
    public async Task Create_ExternalRedis_HasAConnectionStringAndNoServer()
    {
        await using var builder = await CreateAsync("--Tft:Redis=db:6379", "--Tft:Sources=");

        var redis = Assert.IsType<IResourceWithConnectionString>(builder.Resources.Single(resource => resource.Name == "redis"), exactMatch: false);
        Assert.Equal("db:6379", await redis.GetConnectionStringAsync().DefaultTimeout());
        Assert.DoesNotContain(builder.Resources, resource => resource.Name == "redis-server");
    }

    [Fact]
    public async Task Create_FixedAddresses_AreThoseOfTheLaunchProfiles()
    {
        await using var builder = await CreateAsync("--Tft:Redis=none");

        Assert.Equal(8000, PortOf(builder, "inference"));
        Assert.Equal(8501, PortOf(builder, "dashboard"));
        Assert.Null(PortOf(builder, "adapter-host"));
    }

    [Fact]
    public async Task Create_SettingsUnderTft_ReachTheServicesAndASourcesOwnOnlyIt()
    {
        await using var builder = await CreateAsync(
            "--Tft:Redis=none", "--Tft:Sources=host,files", "--Tft:TimeZone=Europe/Berlin", "--Tft:Sources:files:Path=/secret", "--Tft:Risk:High=0.9");

        var inference = await VariablesAsync(builder, "inference");
        var files = await VariablesAsync(builder, "adapter-files");

        Assert.Equal("Europe/Berlin", inference["Tft__TimeZone"]);
        Assert.Equal("0.9", inference["Tft__Risk__High"]);
        Assert.Equal(_data.Path, inference["Tft__DataDirectory"]);
        Assert.Equal("/secret", files["Tft__Sources__files__Path"]);
        Assert.False(inference.ContainsKey("Tft__Sources__files__Path"));
        Assert.False((await VariablesAsync(builder, "adapter-host")).ContainsKey("Tft__Sources__files__Path"));
        Assert.False(inference.ContainsKey("Tft__Redis"));
        var key = Assert.IsType<ParameterResource>(inference["Tft__ApiKey"]);
        Assert.Equal("test-key", await key.GetValueAsync(CancellationToken.None).DefaultTimeout());
    }

    [Fact]
    public async Task Create_BadSetting_ReachesTheCaller()
    {
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => CreateAsync("--Tft:Sources=No Such"));

        Assert.Contains("Tft:Sources", e.Message, StringComparison.Ordinal);
    }

    private static int? PortOf(IDistributedApplicationBuilder builder, string name) =>
        builder.Resources.Single(resource => resource.Name == name).Annotations.OfType<EndpointAnnotation>().Single().Port;
}
