using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat;

[Trait("Ring", "component")]
public sealed class ServiceDiscoveryTests : IDisposable
{
    private readonly FakeHttpHandler _network = new((_, _) => new HttpResponseMessage());

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task Get_SeveralEndpoints_TakesThemInTurn()
    {
        var client = Client(("services:inference:http:0", "http://localhost:5001"), ("services:inference:http:1", "http://localhost:5002"));

        for (var i = 0; i < 4; i++) await Get(client, "http://inference/predict?limit=5");

        Assert.Equal(
            [
                "http://localhost:5001/predict?limit=5", "http://localhost:5002/predict?limit=5",
                "http://localhost:5001/predict?limit=5", "http://localhost:5002/predict?limit=5",
            ],
            Sent());
    }

    [Fact]
    public async Task Get_HttpsPreferredAndThere_TakesHttpsOnly()
    {
        var client = Client(("services:inference:https:0", "https://localhost:6001"), ("services:inference:http:0", "http://localhost:5001"));

        await Get(client, "https+http://inference/a");
        await Get(client, "https+http://inference/a");
        await Get(client, "http://inference/a");

        Assert.Equal(["https://localhost:6001/a", "https://localhost:6001/a", "http://localhost:5001/a"], Sent());
    }

    [Fact]
    public async Task Get_HttpsPreferredButOnlyHttpThere_TakesHttp()
    {
        await Get(Client(("services:inference:http:0", "http://localhost:5001")), "https+http://inference/a");

        Assert.Equal(["http://localhost:5001/a"], Sent());
    }

    [Fact]
    public async Task Get_DefaultEndpointWithMixedSchemes_KeepsThePreferredScheme()
    {
        var client = Client(("services:inference:default:0", "http://localhost:5001"), ("services:inference:default:1", "https://localhost:6001"));

        await Get(client, "https+http://inference/a");
        await Get(client, "https+http://inference/a");

        Assert.Equal(["https://localhost:6001/a", "https://localhost:6001/a"], Sent());
    }

    [Fact]
    public async Task Get_NamedEndpoint_TakesIt()
    {
        var client = Client(("services:inference:http:0", "http://localhost:5001"), ("services:inference:admin", "http://localhost:7001"));

        await Get(client, "http://_admin.inference/a");

        Assert.Equal(["http://localhost:7001/a"], Sent());
    }

    [Theory]
    [InlineData("https+http://elsewhere.example/a", "https://elsewhere.example/a")]
    [InlineData("http://elsewhere.example:8080/a?b=c", "http://elsewhere.example:8080/a?b=c")]
    [InlineData("http://localhost:8000/a", "http://localhost:8000/a")]
    public async Task Get_UnknownHost_PassesThrough(string asked, string sent)
    {
        await Get(Client(("services:inference:http:0", "http://localhost:5001")), asked);

        Assert.Equal([sent], Sent());
    }

    [Fact]
    public async Task Get_ValueWithoutScheme_TakesTheRequestsScheme()
    {
        await Get(Client(("services:inference:default", "10.0.0.7:81")), "http://inference/a");

        Assert.Equal(["http://10.0.0.7:81/a"], Sent());
    }

    [Fact]
    public async Task Get_ConfigurationChanged_NextRequestSeesIt()
    {
        var configuration = Configuration(("services:inference:http:0", "http://localhost:5001"));
        var client = Client(configuration);
        await Get(client, "http://inference/a");

        configuration["services:inference:http:0"] = "http://localhost:5009";
        configuration.Reload();
        await Get(client, "http://inference/a");

        Assert.Equal(["http://localhost:5001/a", "http://localhost:5009/a"], Sent());
    }

    [Fact]
    public async Task Get_Answered_RequestKeepsItsOwnUri()
    {
        var client = Client(("services:inference:http:0", "http://localhost:5001"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://inference/a");

        using var response = await client.SendAsync(request).DefaultTimeout();

        Assert.Equal("http://inference/a", request.RequestUri?.ToString());
    }

    [Theory]
    [InlineData("services:inference:http:first", "http://localhost:1")]
    [InlineData("services:inference:http:0", "http://:nonsense")]
    public async Task Get_MalformedConfiguration_NamesTheKey(string key, string value)
    {
        var e = await Assert.ThrowsAsync<KeyNotFoundException>(() => Get(Client((key, value)), "http://inference/a"));

        Assert.Contains(key, e.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task Get(HttpClient client, string uri) => (await client.GetAsync(new Uri(uri)).DefaultTimeout()).Dispose();

    private string[] Sent() => [.. _network.Requests.Select(r => r.Uri.ToString())];

    private HttpClient Client(params (string Key, string Value)[] settings) => Client(Configuration(settings));

    private HttpClient Client(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddServiceDiscovery();
        services.AddHttpClient("any").AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => _network);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("any");
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();
}
