using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tft.AppHost;

/// <summary>A redis-server of this machine as an executable: loopback, a password of its own, AOF every second, noeviction.</summary>
internal static class LocalRedis
{
    private const string Endpoint = "tcp", CheckName = "redis-server_ping";

    public static RedisChoice Add(IDistributedApplicationBuilder builder, string name, string directory)
    {
        Directory.CreateDirectory(directory);
        var password = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var secret = builder.AddParameter($"{name}-password", password, secret: true);
        var server = builder.AddExecutable($"{name}-server", "redis-server", directory, WriteConfiguration(directory, password))
            .WithEndpoint(name: Endpoint);
        var endpoint = server.GetEndpoint(Endpoint);
        server.WithArgs(context =>
        {
            context.Args.Add("--port");
            context.Args.Add(endpoint.Property(EndpointProperty.TargetPort));
        });

        builder.Services.AddHealthChecks().AddAsyncCheck(CheckName, cancellationToken => PingAsync(endpoint, password, cancellationToken));
        server.WithHealthCheck(CheckName);
        var connection = builder.AddConnectionString(
            name, ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.HostAndPort)},password={secret}"));
        return new RedisChoice(connection, server);
    }

    /// <summary>A file that only this user reads: arguments are visible to everyone on the machine.</summary>
    private static string WriteConfiguration(string directory, string password)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = Path.Combine(directory, "redis.conf");
        using var writer = new StreamWriter(file, options);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1
            requirepass {password}
            appendonly yes
            appendfsync everysec
            maxmemory-policy noeviction
            save ""
            daemonize no

            """));
        return file;
    }

    /// <summary>PING through the proxy, which accepts any connection: only PONG proves a server.</summary>
    private static async Task<HealthCheckResult> PingAsync(EndpointReference endpoint, string password, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint.Host, endpoint.Port, limited.Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), limited.Token);
            using var reader = new StreamReader(client.GetStream());
            var (auth, pong) = (await reader.ReadLineAsync(limited.Token), await reader.ReadLineAsync(limited.Token));
            return (auth, pong) is ("+OK", "+PONG") ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"it answered '{pong ?? auth}'");
        }
        catch (Exception failure) when (failure is SocketException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy(failure.Message);
        }
    }
}
