using System.Net;
using Aspire.Hosting.Testing;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>The whole AppHost with real processes.</summary>
[Trait("Ring", "distributed")]
public sealed class WholeSystemTests : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("none")]
    [InlineData("local")]
    public async Task StartAsync_InferenceAlone_IsHealthyAndAsksForTheKey(string redis)
    {
        if (redis == "local")
            SkipUnless.Program("redis-server");
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Tft_AppHost>(
            [$"--Tft:DataDirectory={_data.Path}", "--Tft:ApiKey=test-key", $"--Tft:Redis={redis}", "--Tft:Sources="]).DefaultTimeout();
        await using var app = await builder.BuildAsync().DefaultTimeout();
        await app.StartAsync().WaitAsync(StartTimeout);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("inference").WaitAsync(StartTimeout);
        using var client = app.CreateHttpClient("inference");

        using var health = await client.GetAsync("/health").DefaultTimeout();
        using var withoutKey = await client.GetAsync("/predict").DefaultTimeout();

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, withoutKey.StatusCode);
    }
}
