using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Tft.ServiceDefaults;
using Tft.ServiceDefaults.Clients;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.ServiceDefaults;

[Trait("Ring", "component")]
public sealed class InferenceClientTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private FakeHttpHandler _network = new((_, _) => new HttpResponseMessage());
    private IHost? _host;

    public void Dispose()
    {
        _network.Dispose();
        _host?.Dispose();
    }

    [Fact]
    public async Task Get_Alone_GoesToPort8000WithTheKey()
    {
        using var response = await Client().GetAsync(new Uri("status", UriKind.Relative)).DefaultTimeout();

        var request = Assert.Single(_network.Requests);
        Assert.Equal("http://localhost:8000/status", request.Uri.ToString());
        Assert.Equal("k1", request.Headers["X-API-Key"]);
    }

    [Fact]
    public async Task Get_KnownToServiceDiscovery_GoesThere()
    {
        using var response = await Client(("services:inference:http:0", "http://localhost:5123"))
            .GetAsync(new Uri("status", UriKind.Relative)).DefaultTimeout();

        Assert.Equal("http://localhost:5123/status", Assert.Single(_network.Requests).Uri.ToString());
    }

    [Fact]
    public async Task Get_UrlSetAsWell_TheSettingWins()
    {
        using var response = await Client(("services:inference:http:0", "http://localhost:5123"), ("Tft:InferenceUrl", "http://10.0.0.9:8000"))
            .GetAsync(new Uri("status", UriKind.Relative)).DefaultTimeout();

        Assert.Equal("http://10.0.0.9:8000/status", Assert.Single(_network.Requests).Uri.ToString());
    }

    [Theory]
    [InlineData("not a url")]
    [InlineData("ftp://host")]
    [InlineData("http://user:pass@host")]
    public void Start_UrlUnusable_NamesTheSetting(string url)
    {
        _host = Build(("Tft:InferenceUrl", url));

        var e = Assert.Throws<OptionsValidationException>(() => _host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("Tft:InferenceUrl", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Unavailable_IsSentOnce()
    {
        _network = new FakeHttpHandler((_, _) => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        using var response = await Client().PostAsync(new Uri("feed", UriKind.Relative), new StringContent("[]")).DefaultTimeout();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(_network.Requests);
    }

    [Fact]
    public async Task Get_Unavailable_IsRetriedAndEachAttemptResolvesAnew()
    {
        _network = new FakeHttpHandler((_, n) => new HttpResponseMessage(n == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
        var client = Client(("services:inference:http:0", "http://localhost:1"), ("services:inference:http:1", "http://localhost:2"));

        using var response = await Run(client.GetAsync(new Uri("predict", UriKind.Relative)));

        Assert.Equal(["http://localhost:1/predict", "http://localhost:2/predict"], _network.Requests.Select(r => r.Uri.ToString()));
        Assert.All(_network.Requests, r => Assert.Equal("k1", r.Headers["X-API-Key"]));
    }

    [Fact]
    public async Task Get_SlowerThanTheStandardTimeout_IsWaitedFor()
    {
        _network = new FakeHttpHandler(async (_, _, token) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(40), _clock, token);
            return new HttpResponseMessage();
        });

        using var response = await Run(Client().GetAsync(new Uri("predict", UriKind.Relative)));

        Assert.Single(_network.Requests);
    }

    [Fact]
    public async Task Events_SilentForHours_IsNotCutOff()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _network = new FakeHttpHandler((_, _, _) => answer.Task);
        Client();
        using var client = _host!.Services.GetRequiredService<IHttpClientFactory>().CreateClient(InferenceClient.EventsName);
        var request = client.GetAsync(new Uri("events", UriKind.Relative));

        _clock.Advance(TimeSpan.FromHours(5));
        Assert.False(request.IsCompleted);
        answer.SetResult(new HttpResponseMessage());

        using var response = await request.DefaultTimeout();
        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);
        Assert.Equal("k1", Assert.Single(_network.Requests).Headers["X-API-Key"]);
    }

    private async Task<HttpResponseMessage> Run(Task<HttpResponseMessage> request)
    {
        await Eventually.True(() =>
        {
            if (!request.IsCompleted) _clock.Advance(TimeSpan.FromMilliseconds(500));
            return request.IsCompleted;
        });
        return await request;
    }

    private HttpClient Client(params (string Key, string Value)[] settings)
    {
        _host = Build(settings);
        return _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient(InferenceClient.Name);
    }

    private IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Tft:ApiKey", "k1"), .. settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))]);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.AddServiceDefaults();
        builder.AddInferenceClient();
        builder.Services.AddHttpClient(InferenceClient.Name).ConfigurePrimaryHttpMessageHandler(() => _network);
        builder.Services.AddHttpClient(InferenceClient.EventsName).ConfigurePrimaryHttpMessageHandler(() => _network);
        return builder.Build();
    }
}
