namespace Aspire.MongoDB.Driver;

public sealed class MongoDBSettings
{
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Milliseconds.</summary>
    public int? HealthCheckTimeout { get; set; }

    /// <summary>Has no effect here: the C driver's calls are not traced.</summary>
    public bool DisableTracing { get; set; }
}
