namespace Aspire.StackExchange.Redis;

/// <summary>Settings of a Redis client; bound from <c>Aspire:StackExchange:Redis</c>, then the connection string, then code.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>Comma-separated: <c>host:port,password=...,ssl=true</c>.</summary>
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Commands make no spans in this stand-in, whatever is set.</summary>
    public bool DisableTracing { get; set; }
}
