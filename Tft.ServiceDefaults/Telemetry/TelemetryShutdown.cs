using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Tft.ServiceDefaults.Telemetry;

/// <summary>
/// Sends what is still held, after everything else has stopped, all signals at once. The SDK's own disposal takes one after
/// the other and waits long for each: with a collector that is away, a service would be killed before it has ended.
/// </summary>
internal sealed class TelemetryShutdown(
    TracerProvider tracing,
    MeterProvider metrics,
    LoggerProvider logging,
    IOptions<TelemetryOptions> options) : IHostedService
{
    private readonly int _milliseconds = (int)options.Value.FlushTimeout.TotalMilliseconds;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => tracing.Shutdown(_milliseconds), CancellationToken.None),
        Task.Run(() => metrics.Shutdown(_milliseconds), CancellationToken.None),
        Task.Run(() => logging.Shutdown(_milliseconds), CancellationToken.None));
}
