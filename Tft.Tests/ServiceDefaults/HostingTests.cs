using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Tft.ServiceDefaults.Hosting;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.ServiceDefaults;

[Trait("Ring", "component")]
public sealed class HostingTests
{
    [Fact]
    public async Task SystemdNotifier_StartAndStop_SendsReadyThenStopping()
    {
        SkipUnless.True(OperatingSystem.IsLinux(), "systemd is a Linux matter");
        using var folder = new TempFolder();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.File("notify")));
        using var lifetime = new FakeLifetime();
        await new SystemdNotifier(lifetime, NullLogger<SystemdNotifier>.Instance, folder.File("notify")).StartAsync(default);

        lifetime.Started.Cancel();
        Assert.Equal("READY=1", await ReceiveAsync(socket));
        lifetime.Stopping.Cancel();
        Assert.Equal("STOPPING=1", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task SystemdNotifier_SocketGone_DoesNotThrow()
    {
        using var folder = new TempFolder();
        using var lifetime = new FakeLifetime();
        await new SystemdNotifier(lifetime, NullLogger<SystemdNotifier>.Instance, folder.File("nobody")).StartAsync(default);

        lifetime.Started.Cancel();
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[100];
        var length = await socket.ReceiveAsync(buffer).DefaultTimeout();
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private sealed class FakeLifetime : IHostApplicationLifetime, IDisposable
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopping.Cancel();

        public void Dispose()
        {
            Started.Dispose();
            Stopping.Dispose();
        }
    }
}
