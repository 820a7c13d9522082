using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Redis;

/// <summary>The directory and the configuration of a local redis-server.</summary>
internal sealed class LocalRedisServer(RedisResource redis) : IResourceAnnotation
{
    public ServerDirectory Directory { get; } = new("redis");

    /// <summary>When to write a snapshot: seconds and changed keys; null = only the append-only file.</summary>
    public (int Seconds, long Changes)? Snapshots { get; set; }

    /// <summary>
    /// Writes redis.conf, readable by this user alone: a password on the command line would be seen by everyone on the
    /// machine.
    /// </summary>
    public async Task WriteConfigurationAsync(CommandLineArgsCallbackContext context)
    {
        var directory = Directory.Prepare();
        var file = Path.Combine(directory, "redis.conf");
        var password = await redis.PasswordParameter.GetValueAsync(context.CancellationToken);
        await using (var stream = new FileStream(file, OwnFile()))
        await using (var writer = new StreamWriter(stream))
        {
            await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"""
                bind 127.0.0.1
                dir {Quote(directory)}
                requirepass {Quote(password!)}
                appendonly yes
                appendfsync everysec
                maxmemory-policy noeviction
                save {(Snapshots is { } rule ? $"{rule.Seconds} {rule.Changes}" : "\"\"")}
                daemonize no

                """));
        }

        context.Args.Add(file);
        context.Args.Add("--port");
        context.Args.Add(redis.PrimaryEndpoint.Property(EndpointProperty.TargetPort));
    }

    private static FileStreamOptions OwnFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
