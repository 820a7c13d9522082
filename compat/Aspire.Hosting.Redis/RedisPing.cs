using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Redis;

/// <summary>Healthy = AUTH is accepted and PING answers PONG. A bare connection proves nothing: the proxy accepts it.</summary>
internal sealed class RedisPing(RedisResource redis) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(redis.PrimaryEndpoint.Host, redis.PrimaryEndpoint.Port, limited.Token);
            var stream = client.GetStream();
            var password = await redis.PasswordParameter.GetValueAsync(limited.Token) ?? "";
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{Command("AUTH", password)}{Command("PING")}"), limited.Token);

            using var reader = new StreamReader(stream, Encoding.UTF8);
            var (auth, pong) = (await reader.ReadLineAsync(limited.Token), await reader.ReadLineAsync(limited.Token));
            return (auth, pong) is ("+OK", "+PONG")
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Redis answered '{auth ?? "nothing"}' to AUTH and '{pong ?? "nothing"}' to PING");
        }
        catch (Exception failure) when (failure is SocketException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"Redis does not answer: {failure.Message}");
        }
    }

    private static string Command(params string[] parts) =>
        $"*{parts.Length}\r\n" + string.Concat(parts.Select(part => $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n"));
}
