using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tft.ServiceDefaults.Health;

namespace Tft.Inference.Forecasts;

/// <summary>Always healthy: without a model the fallback forecasts, and the answer says so.</summary>
internal sealed class ModelHealthCheck(IForecaster forecaster) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var word = forecaster.Model.Type == "fallback" ? "fallback" : "healthy";
        return Task.FromResult(HealthCheckResult.Healthy(data: new Dictionary<string, object> { [HealthOptions.WordKey] = word }));
    }
}
