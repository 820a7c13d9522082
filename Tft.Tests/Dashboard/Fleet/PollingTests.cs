using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.Dashboard.Live;
using Tft.Tests.Dashboard.Fakes;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Dashboard.Fleet;

[Trait("Ring", "service")]
public sealed class PollingTests
{
    [Fact]
    public async Task Feed_ServiceWithoutEvents_SaysPolling()
    {
        await using var service = await FakeInference.StartAsync(FakeFleet.Of(1), hasEvents: false);
        var services = new ServiceCollection();
        services.AddHttpClient("inference-events", c => c.BaseAddress = service.Address);
        await using var provider = services.BuildServiceProvider();
        using var feed = new EventFeed(provider.GetRequiredService<IHttpClientFactory>(), TimeProvider.System, NullLogger<EventFeed>.Instance);

        await feed.StartAsync(default);

        await Eventually.True(() => feed.State == FeedState.Polling);
        await feed.StopAsync(default);
    }
}
