using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat;

[Trait("Ring", "component")]
public sealed class OpenTelemetryHostingTests
{
    [Fact]
    public void AddOpenTelemetry_CalledTwice_OneServiceBeforeAllOthers()
    {
        var services = new ServiceCollection().AddHostedService<Other>();

        services.AddOpenTelemetry();
        var builder = services.AddOpenTelemetry().WithTracing().WithMetrics().WithLogging().ConfigureResource(_ => { });

        Assert.IsAssignableFrom<IOpenTelemetryBuilder>(builder);
        Assert.Same(services, builder.Services);
        var hosted = services.Where(s => s.ServiceType == typeof(IHostedService)).ToArray();
        Assert.Equal(2, hosted.Length);
        Assert.NotEqual(typeof(Other), hosted[0].ImplementationType);
    }

    [Fact]
    public async Task Start_ProvidersAskedForByNobody_AreMade()
    {
        var made = new List<string>();
        using var host = new HostBuilder().ConfigureServices(services => services.AddOpenTelemetry()
            .WithTracing(b => ((IDeferredTracerProviderBuilder)b).Configure((_, _) => made.Add("traces")))
            .WithMetrics(b => ((IDeferredMeterProviderBuilder)b).Configure((_, _) => made.Add("metrics")))).Build();
        Assert.Empty(made);

        await host.StartAsync().DefaultTimeout();

        Assert.Equal(["metrics", "traces"], made.Order());
        await host.StopAsync().DefaultTimeout();
    }

    private sealed class Other : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
