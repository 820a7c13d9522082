using Microsoft.Extensions.Configuration;

namespace Tft.AppHost;

/// <summary>Which Redis the journal uses, if any.</summary>
/// <param name="Connection">What consumers refer to; null = the embedded journal.</param>
/// <param name="Gate">The server that consumers wait for; null where it is not ours to start.</param>
internal sealed record RedisChoice(IResourceBuilder<IResourceWithConnectionString>? Connection, IResourceBuilder<IResource>? Gate)
{
    public static readonly RedisChoice None = new(null, null);
}

internal static class RedisChoiceExtensions
{
    private const string Name = "redis";

    /// <summary>
    /// <c>Tft:Redis</c> = none, local, container, a connection string, or auto: a configured connection string
    /// (<c>ConnectionStrings:redis</c>), else a container, else a redis-server on PATH, else none.
    /// </summary>
    public static RedisChoice AddRedisChoice(this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        // a deployment always has a Redis: its replicas share the journal
        if (builder.ExecutionContext.IsPublishMode)
            return AddContainer(builder);
        var (kind, reason) = Decide(settings.Redis, builder.Configuration.GetConnectionString(Name), Machine.Probe);
        if (kind == RedisKind.Local && !Machine.HasProgram("redis-server"))
            throw new DistributedApplicationException($"{reason}, but there is no redis-server on PATH. Install it, or set Tft:Redis=none (the journal is kept in files) or to a connection string.");
        Console.WriteLine($"Redis: {kind} ({reason})");
        return kind switch
        {
            RedisKind.None => RedisChoice.None,
            RedisKind.Container => AddContainer(builder),
            RedisKind.Local => LocalRedis.Add(builder, Name, Path.Combine(settings.DataDirectory, Name)),
            _ => AddExternal(builder, settings.Redis),
        };
    }

    /// <summary>The resource gets the connection string, and starts when the server answers.</summary>
    public static IResourceBuilder<ProjectResource> WithRedis(this IResourceBuilder<ProjectResource> resource, RedisChoice redis)
    {
        if (redis.Connection is not null)
            resource.WithReference(redis.Connection, Name);
        if (redis.Gate is not null)
            resource.WaitFor(redis.Gate);
        return resource;
    }

    /// <summary>The choice and why, for the log.</summary>
    /// <exception cref="DistributedApplicationException">The setting is nearly one of the words.</exception>
    internal static (RedisKind Kind, string Reason) Decide(string setting, string? connectionString, Func<Machine> probe)
    {
        switch (setting.ToLowerInvariant())
        {
            case "none":
                return (RedisKind.None, "Tft:Redis is none: the journal is kept in files");
            case "local":
                return (RedisKind.Local, "Tft:Redis is local");
            case "container":
                return (RedisKind.Container, "Tft:Redis is container");
            case "auto":
                break;
            // A host's name alone is a connection string too, so a word that is misspelt would be looked for in the network.
            case var text when Misspelling.Of(text, "auto", "container", "local", "none") is { } word:
                throw new DistributedApplicationException($"Tft:Redis: '{setting}' is nearly '{word}'. If a host is called that, name its port: {setting}:6379.");
            default:
                return (RedisKind.External, "Tft:Redis is a connection string");
        }

        if (!string.IsNullOrWhiteSpace(connectionString))
            return (RedisKind.External, $"ConnectionStrings:{Name} is configured");
        var machine = probe();
        return machine switch
        {
            { RunsContainers: true } => (RedisKind.Container, "a container runtime answers"),
            { HasRedisServer: true } => (RedisKind.Local, "there is no container runtime, but a redis-server on PATH"),
            _ => (RedisKind.None, "there is neither a container runtime nor a redis-server on PATH: the journal is kept in files"),
        };
    }

    private static RedisChoice AddContainer(IDistributedApplicationBuilder builder)
    {
        var redis = builder.AddRedis(Name).WithDataVolume().WithPersistence();
        return new RedisChoice(redis, redis);
    }

    private static RedisChoice AddExternal(IDistributedApplicationBuilder builder, string setting) => new(
        setting.Equals("auto", StringComparison.OrdinalIgnoreCase)
            ? builder.AddConnectionString(Name)
            : builder.AddConnectionString(Name, ReferenceExpression.Create($"{builder.AddParameter($"{Name}-connection", setting, secret: true)}")),
        Gate: null);
}

internal enum RedisKind
{
    None,
    Local,
    Container,
    External,
}
