using System.Buffers.Binary;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.MongoDB;

/// <summary>Healthy = <c>hello</c> is answered with ok 1. A bare connection proves nothing: the proxy accepts it.</summary>
internal sealed class MongoHello(EndpointReference endpoint) : IHealthCheck
{
    private const int HeaderLength = 16, LargestAnswer = 1 << 20, Message = 2013;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>OP_MSG without flags, one section of kind 0: the BSON document {hello: 1, $db: "admin"}.</summary>
    private static readonly byte[] s_hello =
    [
        .. Int32(52), .. Int32(1), .. Int32(0), .. Int32(Message), .. Int32(0), 0,
        .. Int32(31), 0x10, .. "hello\0"u8, .. Int32(1), 0x02, .. "$db\0"u8, .. Int32(6), .. "admin\0"u8, 0,
    ];

    /// <summary>The element ok: 1.0.</summary>
    private static readonly byte[] s_ok = [0x01, .. "ok\0"u8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(s_patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint.Host, endpoint.Port, limited.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(s_hello, limited.Token);
            var length = new byte[4];
            await stream.ReadExactlyAsync(length, limited.Token);
            var rest = BinaryPrimitives.ReadInt32LittleEndian(length) - length.Length;
            if (rest is < HeaderLength or > LargestAnswer)
                return HealthCheckResult.Unhealthy("what listens there is no MongoDB");
            var answer = new byte[rest];
            await stream.ReadExactlyAsync(answer, limited.Token);
            return answer.AsSpan().IndexOf(s_ok) >= 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("MongoDB does not answer hello with ok");
        }
        catch (Exception failure) when (failure is SocketException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"MongoDB does not answer: {failure.Message}");
        }
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
