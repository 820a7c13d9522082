using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Redis as a local <c>redis-server</c> process instead of a container.</summary>
public static class RedisBuilderExtensions
{
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and that of the connection string.</param>
    /// <param name="port">The advertised port; null = any free one.</param>
    /// <param name="password">Null = generated at each start.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var redis = new RedisResource(name, secret);
        var server = new LocalRedisServer(redis);

        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new RedisPing(redis), failureStatus: null, tags: null));
        return builder.AddResource(redis)
            .WithAnnotation(server)
            .WithAnnotation(new LocalProcessAnnotation("redis-server", server.Directory))
            .WithEndpoint(port: port, name: RedisResource.EndpointName)
            .WithArgs(context => server.WriteConfigurationAsync(context))
            .WithHealthCheck(check);
    }

    public static IResourceBuilder<RedisResource> WithPassword(
        this IResourceBuilder<RedisResource> builder, IResourceBuilder<ParameterResource> password)
    {
        builder.Resource.PasswordParameter = password.Resource;
        return builder;
    }

    /// <summary>Keeps the data over restarts, in <c>.tft/redis</c> under the AppHost's directory, or the folder <paramref name="name"/> there.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        if (isReadOnly)
            throw new NotSupportedException("A local redis-server always writes to its data directory.");
        Server(builder).Directory.KeepIn(Path.Combine(builder.ApplicationBuilder.AppHostDirectory, ".tft", name ?? builder.Resource.Name));
        return builder;
    }

    /// <summary>Keeps the data over restarts in a folder of this machine.</summary>
    public static IResourceBuilder<RedisResource> WithDataBindMount(
        this IResourceBuilder<RedisResource> builder, string source, bool isReadOnly = false)
    {
        if (isReadOnly)
            throw new NotSupportedException("A local redis-server always writes to its data directory.");
        Server(builder).Directory.KeepIn(Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory));
        return builder;
    }

    /// <summary>The append-only file is always on; this adds a snapshot after <paramref name="keysChangedThreshold"/> changes in <paramref name="interval"/> (60 s).</summary>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        Server(builder).Snapshots = ((int)(interval ?? TimeSpan.FromSeconds(60)).TotalSeconds, keysChangedThreshold);
        return builder;
    }

    private static LocalRedisServer Server(IResourceBuilder<RedisResource> builder) => builder.Resource.Annotations.OfType<LocalRedisServer>().Single();
}
