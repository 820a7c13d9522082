namespace Tft.ServiceDefaults.Health;

/// <summary>What GET /health says beside the checks.</summary>
public sealed class HealthOptions
{
    /// <summary>A health check may set this key of its data to the word that stands for it in the answer (<c>fallback</c>).</summary>
    public const string WordKey = "status";

    /// <summary>Tag of checks of this process alone; they decide GET /alive.</summary>
    public const string LiveTag = "live";

    /// <summary>The field <c>service</c>; empty: the application's name.</summary>
    public string Service { get; set; } = "";
}
