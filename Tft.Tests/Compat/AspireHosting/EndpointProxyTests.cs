using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Running;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>The advertised port: it answers before there is a process, and shares connections out.</summary>
[Trait("Ring", "component")]
public sealed class EndpointProxyTests
{
    [Fact]
    public async Task Connect_NoProcessYet_IsParkedUntilThereIsOne()
    {
        await using var proxy = EndpointProxy.Listen(0);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port).DefaultTimeout();
        await client.GetStream().WriteAsync("hello\n"u8.ToArray()).DefaultTimeout();
        await Eventually.True(() => proxy.Parked == 1);

        using var backend = new EchoBackend("b");
        proxy.Add(backend.Port);

        Assert.Equal("b:hello", await ReadLine(client));
        Assert.Equal(0, proxy.Parked);
    }

    [Fact]
    public async Task Connect_ProcessListensLate_IsServedWhenItDoes()
    {
        await using var proxy = EndpointProxy.Listen(0);
        var port = Aspire.Hosting.Running.Ports.PickFree();
        proxy.Add(port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port).DefaultTimeout();
        await client.GetStream().WriteAsync("late\n"u8.ToArray()).DefaultTimeout();
        await Eventually.True(() => proxy.Parked == 1);

        using var backend = new EchoBackend("b", port);

        Assert.Equal("b:late", await ReadLine(client));
    }

    [Fact]
    public async Task Connect_MoreThanTwentyParked_TheRestIsClosed()
    {
        await using var proxy = EndpointProxy.Listen(0);
        List<TcpClient> clients = [];
        for (var i = 0; i < EndpointProxy.MaxParked; i++)
        {
            clients.Add(new TcpClient());
            await clients[^1].ConnectAsync(IPAddress.Loopback, proxy.Port).DefaultTimeout();
        }

        await Eventually.True(() => proxy.Parked == EndpointProxy.MaxParked);
        using var tooMany = new TcpClient();
        await tooMany.ConnectAsync(IPAddress.Loopback, proxy.Port).DefaultTimeout();

        Assert.Null(await ReadLine(tooMany));
        Assert.Equal(EndpointProxy.MaxParked, proxy.Parked);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Connect_SeveralProcesses_ServeInTurnAndARemovedOneNoMore()
    {
        await using var proxy = EndpointProxy.Listen(0);
        using var a = new EchoBackend("a");
        using var b = new EchoBackend("b");
        proxy.Add(a.Port);
        proxy.Add(b.Port);

        Assert.Equal(["a", "b", "a", "b"], [await Ask(proxy), await Ask(proxy), await Ask(proxy), await Ask(proxy)]);
        proxy.Remove(a.Port);
        Assert.Equal(["b", "b"], [await Ask(proxy), await Ask(proxy)]);
    }

    [Fact]
    public async Task Connect_OneProcessDoesNotAnswer_TheOtherDoes()
    {
        await using var proxy = EndpointProxy.Listen(0);
        using var b = new EchoBackend("b");
        proxy.Add(Aspire.Hosting.Running.Ports.PickFree());
        proxy.Add(b.Port);

        Assert.Equal(["b", "b", "b"], [await Ask(proxy), await Ask(proxy), await Ask(proxy)]);
    }

    [Fact]
    public async Task Connect_ByIPv6_ReachesTheSame()
    {
        SkipUnless.True(Socket.OSSupportsIPv6, "no IPv6 here");
        await using var proxy = EndpointProxy.Listen(0);
        using var backend = new EchoBackend("b");
        proxy.Add(backend.Port);
        using var client = new TcpClient(AddressFamily.InterNetworkV6);
        await client.ConnectAsync(IPAddress.IPv6Loopback, proxy.Port).DefaultTimeout();
        await client.GetStream().WriteAsync("six\n"u8.ToArray()).DefaultTimeout();

        Assert.Equal("b:six", await ReadLine(client));
    }

    [Fact]
    public async Task Send_HalfClosed_StillGetsTheAnswer()
    {
        await using var proxy = EndpointProxy.Listen(0);
        using var backend = new EchoBackend("b");
        proxy.Add(backend.Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port).DefaultTimeout();
        var stream = client.GetStream();
        await stream.WriteAsync("end\n"u8.ToArray()).DefaultTimeout();
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.Equal("b:end", await reader.ReadLineAsync().DefaultTimeout());
        Assert.Null(await reader.ReadLineAsync().DefaultTimeout());
    }

    private static async Task<string> Ask(EndpointProxy proxy)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port).DefaultTimeout();
        await client.GetStream().WriteAsync("x\n"u8.ToArray()).DefaultTimeout();
        return (await ReadLine(client) ?? "-")[..1];
    }

    private static async Task<string?> ReadLine(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync().DefaultTimeout();
    }

    /// <summary>Answers each line with its name before it.</summary>
    private sealed class EchoBackend : IDisposable
    {
        private readonly TcpListener _listener;

        public EchoBackend(string name, int port = 0)
        {
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = AcceptAsync(name);
        }

        public int Port { get; }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync(string name)
        {
            try
            {
                while (true)
                    _ = ServeAsync(await _listener.AcceptTcpClientAsync(), name);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }

        private static async Task ServeAsync(TcpClient client, string name)
        {
            using (client)
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                while (await reader.ReadLineAsync() is { } line)
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{name}:{line}\n"));
            }
        }
    }
}
