using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tft.Tests.Infrastructure;

#pragma warning disable EXTEXP0001 // what the project uses of the package's experimental members is tested here

namespace Tft.Tests.Compat;

[Trait("Ring", "component")]
public sealed class StandardResilienceTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<ServiceProvider> _providers = [];

    public void Dispose() => _providers.ForEach(p => p.Dispose());

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Get_TransientStatus_ThreeMoreAttemptsThenTheLastAnswer(HttpStatusCode status)
    {
        var network = new FakeHttpHandler((_, _) => new HttpResponseMessage(status));

        using var response = await Run(Client(network).GetAsync(Uri));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(4, network.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task Get_FinalStatus_OneAttempt(HttpStatusCode status)
    {
        var network = new FakeHttpHandler((_, _) => new HttpResponseMessage(status));

        using var response = await Run(Client(network).GetAsync(Uri));

        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task Get_ConnectionFails_IsRetried()
    {
        var network = new FakeHttpHandler((_, n) => n < 2 ? throw new HttpRequestException("refused") : new HttpResponseMessage());

        using var response = await Run(Client(network).GetAsync(Uri));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, network.Requests.Count);
    }

    [Fact]
    public async Task Get_RetryAfterSeconds_WaitsExactlyThatLong()
        => Assert.Equal([7d], await DelaysOf(1, response => response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7))));

    [Fact]
    public async Task Get_RetryAfterDate_WaitsUntilThenByTheServersClock()
        => Assert.Equal([5d], await DelaysOf(1, response =>
        {
            response.Headers.Date = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            response.Headers.RetryAfter = new RetryConditionHeaderValue(response.Headers.Date.Value.AddSeconds(5));
        }));

    [Fact]
    public async Task Get_WithoutRetryAfter_BacksOffLongerEachTime()
        => Assert.Equal([2d, 4d, 8d], await DelaysOf(3, _ => { }));

    [Fact]
    public async Task Post_UnsafeMethodsDisabled_OneAttempt_GetStillRetried()
    {
        var network = new FakeHttpHandler((_, _) => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        var client = Client(network, o => o.Retry.DisableForUnsafeHttpMethods());

        using var post = await Run(client.PostAsync(Uri, new StringContent("[]")));
        Assert.Single(network.Requests);
        using var get = await Run(client.GetAsync(Uri));
        Assert.Equal(5, network.Requests.Count);
    }

    [Fact]
    public async Task Post_Default_IsRetriedWithItsBody()
    {
        var network = new FakeHttpHandler((_, n) => new HttpResponseMessage(n == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));

        using var response = await Run(Client(network).PostAsync(Uri, new StringContent("[1]")));

        Assert.Equal(["[1]", "[1]"], network.Requests.Select(r => r.Body));
    }

    [Fact]
    public async Task Get_AttemptHangs_IsCutAfterTenSecondsAndRetried()
    {
        var network = new FakeHttpHandler(async (_, n, token) =>
        {
            if (n == 0) await Task.Delay(Timeout.Infinite, token);
            return new HttpResponseMessage();
        });
        var began = _clock.GetUtcNow();

        using var response = await Run(Client(network).GetAsync(Uri));

        Assert.Equal(2, network.Requests.Count);
        Assert.InRange((_clock.GetUtcNow() - began).TotalSeconds, 10, 29);
    }

    [Fact]
    public async Task Get_AlwaysHangs_EndsAfterThirtySeconds()
    {
        var network = new FakeHttpHandler(async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new HttpResponseMessage();
        });
        var began = _clock.GetUtcNow();

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => Run(Client(network).GetAsync(Uri)));

        Assert.InRange((_clock.GetUtcNow() - began).TotalSeconds, 30, 40);
    }

    [Fact]
    public async Task Get_CallerCancels_IsNotRetried()
    {
        using var cancelled = new CancellationTokenSource();
        var network = new FakeHttpHandler(async (_, _, token) =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return new HttpResponseMessage();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(Client(network).GetAsync(Uri, cancelled.Token)));

        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task Get_HundredFailures_BreakerOpensForFiveSeconds()
    {
        var healed = false;
        var network = new FakeHttpHandler((_, _) => new HttpResponseMessage(healed ? HttpStatusCode.OK : HttpStatusCode.BadGateway));
        var client = Client(network, o => o.Retry.DisableFor(HttpMethod.Get));
        for (var i = 0; i < 100; i++) (await client.GetAsync(Uri).DefaultTimeout()).Dispose();
        healed = true;

        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(Uri).DefaultTimeout());
        Assert.Equal(100, network.Requests.Count);
        _clock.Advance(TimeSpan.FromSeconds(5));

        using var response = await client.GetAsync(Uri).DefaultTimeout();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task SelectPipelineByAuthority_OneHostBroken_OtherStillServed()
    {
        var network = new FakeHttpHandler((request, _) => new HttpResponseMessage(request.RequestUri!.Host == "broken" ? HttpStatusCode.BadGateway : HttpStatusCode.OK));
        var client = Client(network, o => o.Retry.DisableFor(HttpMethod.Get), p => p.SelectPipelineByAuthority());
        for (var i = 0; i < 100; i++) (await client.GetAsync(new Uri("http://broken/")).DefaultTimeout()).Dispose();
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(new Uri("http://broken/")).DefaultTimeout());

        using var response = await client.GetAsync(new Uri("http://sound/")).DefaultTimeout();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Get_MoreAtOnceThanPermitted_IsRefusedAtOnce()
    {
        var release = new TaskCompletionSource<HttpResponseMessage>();
        var network = new FakeHttpHandler((_, _, _) => release.Task);
        var client = Client(network, o => o.RateLimiter.DefaultRateLimiterOptions.PermitLimit = 1);
        var first = client.GetAsync(Uri);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Uri).DefaultTimeout());
        release.SetResult(new HttpResponseMessage());

        using var response = await first.DefaultTimeout();
        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task RemoveAllResilienceHandlers_AfterDefaults_OneAttempt()
    {
        var network = new FakeHttpHandler((_, _) => new HttpResponseMessage(HttpStatusCode.BadGateway));
        var services = Services();
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
        services.AddHttpClient("any").RemoveAllResilienceHandlers().ConfigurePrimaryHttpMessageHandler(() => network);

        using var response = await Build(services).GetAsync(Uri).DefaultTimeout();

        Assert.Single(network.Requests);
    }

    [Fact]
    public void AddStandardResilienceHandler_TimeoutsContradict_StartIsRefused()
    {
        var services = Services();
        services.AddHttpClient("any").AddStandardResilienceHandler(o => o.AttemptTimeout.Timeout = TimeSpan.FromSeconds(60));

        var e = Assert.Throws<OptionsValidationException>(
            () => services.BuildServiceProvider().GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(2, e.Failures.Count());
    }

    [Fact]
    public void AddStandardResilienceHandler_Added_TheClientsOwnTimeoutIsOff()
        => Assert.Equal(Timeout.InfiniteTimeSpan, Client(new FakeHttpHandler((_, _) => new HttpResponseMessage())).Timeout);

    private static Uri Uri { get; } = new("http://inference/feed");

    /// <summary>Seconds that the pipeline chose to wait before each retry, of a server that fails so often.</summary>
    private async Task<List<double>> DelaysOf(int failures, Action<HttpResponseMessage> prepare)
    {
        var delays = new List<double>();
        var network = new FakeHttpHandler((_, n) =>
        {
            var response = new HttpResponseMessage(n < failures ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
            prepare(response);
            return response;
        });
        var client = Client(network, o =>
        {
            o.Retry.UseJitter = false;
            o.Retry.OnRetry = args =>
            {
                delays.Add(args.RetryDelay.TotalSeconds);
                return default;
            };
        });

        using var response = await Run(client.GetAsync(Uri));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return delays;
    }

    /// <summary>Moves the clock from wait to wait until the request ends.</summary>
    private async Task<HttpResponseMessage> Run(Task<HttpResponseMessage> request)
    {
        await Eventually.True(() =>
        {
            if (!request.IsCompleted) _clock.Advance(TimeSpan.FromMilliseconds(500));
            return request.IsCompleted;
        });
        return await request;
    }

    private HttpClient Client(
        FakeHttpHandler network,
        Action<HttpStandardResilienceOptions>? configure = null,
        Action<IHttpStandardResiliencePipelineBuilder>? pipeline = null)
    {
        var services = Services();
        var http = services.AddHttpClient("any").ConfigurePrimaryHttpMessageHandler(() => network);
        var builder = http.AddStandardResilienceHandler(configure ?? (_ => { }));
        pipeline?.Invoke(builder);
        return Build(services);
    }

    private ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        return services;
    }

    private HttpClient Build(ServiceCollection services)
    {
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<IHttpClientFactory>().CreateClient("any");
    }
}
