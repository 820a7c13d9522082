using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tft.Adapters.Sources;

namespace Tft.Adapters.Seeding;

/// <summary>Fills the store, waiting for one that is not there yet where it is to go on; then goes on. Healthy: the past is written.</summary>
internal sealed partial class SeedWork(
    string store, Seeder seeder, SeedPlan plan, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SeedWork> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private volatile bool _isFilled;
    private volatile string _hindrance = "the past is being written";

    /// <returns>False: it can't be done, and the log says why.</returns>
    public async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        for (var tried = 1; ; tried++)
        {
            try
            {
                Log.Begun(logger, store, plan.Fleet.Servers, plan.Hours, plan.EverySeconds);
                var summary = await seeder.FillAsync(cancellationToken).ConfigureAwait(false);
                Log.Filled(logger, store, summary.Samples, summary.From, summary.Until, watch.Elapsed.TotalSeconds);
                _isFilled = true;
                return true;
            }
            catch (SourceException e) when (plan.Live && e.Status is null or 408 or 429 or >= 500)
            {
                Log.NotYet(logger, store, e.Message);
                _hindrance = $"{store} can't be filled yet: {e.Message}";
                await Task.Delay(s_pause * Math.Min(tried, 15), clock, cancellationToken).ConfigureAwait(false);
            }
            catch (SourceException e)
            {
                Log.Failed(logger, e.Message);
                return false;
            }
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isFilled ? HealthCheckResult.Healthy("the past is written") : HealthCheckResult.Unhealthy(_hindrance));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host goes on to start what answers /health.
        await Task.Yield();
        try
        {
            if (await FillAsync(stoppingToken).ConfigureAwait(false))
                await seeder.GoOnAsync(stoppingToken).ConfigureAwait(false);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 222, Level = LogLevel.Information, Message = "Filling {Store} with {Servers} servers: {Hours} h, a sample every {Every} s")]
        public static partial void Begun(ILogger logger, string store, int servers, double hours, int every);

        [LoggerMessage(EventId = 223, Level = LogLevel.Information, Message = "{Store} has {Samples} samples more, from {From:u} to {Until:u}, in {Seconds:0.0} s")]
        public static partial void Filled(ILogger logger, string store, long samples, DateTimeOffset from, DateTimeOffset until, double seconds);

        [LoggerMessage(EventId = 224, Level = LogLevel.Warning, Message = "{Store} can't be filled yet: {Reason}")]
        public static partial void NotYet(ILogger logger, string store, string reason);

        [LoggerMessage(EventId = 225, Level = LogLevel.Error, Message = "{Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
