using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry.Extensions.Hosting.Implementation;

/// <summary>Makes the providers at start (nothing else asks for them) and flushes what they hold at stop.</summary>
internal sealed class TelemetryHostedService(IServiceProvider services) : IHostedService
{
    /// <summary>A collector that is away must not keep the process from ending.</summary>
    private const int FlushMilliseconds = 2000;

    private TracerProvider? _tracing;
    private MeterProvider? _metrics;
    private LoggerProvider? _logging;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = services.GetService<MeterProvider>();
        _tracing = services.GetService<TracerProvider>();
        _logging = services.GetService<LoggerProvider>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _tracing?.ForceFlush(FlushMilliseconds), CancellationToken.None),
        Task.Run(() => _metrics?.ForceFlush(FlushMilliseconds), CancellationToken.None),
        Task.Run(() => _logging?.ForceFlush(FlushMilliseconds), CancellationToken.None));
}
