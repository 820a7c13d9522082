using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tft.Bench.Reporting;
using Tft.ServiceDefaults.Hosting;
using Tft.Tests.Infrastructure;

namespace Tft.Bench.Ingest;

/// <summary>A redis-server on loopback with AOF everysec, as a local one is started by the AppHost.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-bench-redis-");
    private readonly Process _process;

    private RedisProcess(string program)
    {
        Port = Ports.Free();
        _process = Process.Start(new ProcessStartInfo(program,
            ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("redis-server did not start.");
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public int Port { get; }

    /// <summary>Null where there is no redis-server on PATH.</summary>
    public static async Task<RedisProcess?> TryStartAsync(CancellationToken cancellationToken)
    {
        if (ProgramPath.Find("redis-server") is not { } program)
            return null;
        var redis = new RedisProcess(program);
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, redis.Port, cancellationToken);
                return redis;
            }
            catch (SocketException)
            {
                await Poll.PauseAsync(cancellationToken);
            }
        }

        redis.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit(10_000);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
