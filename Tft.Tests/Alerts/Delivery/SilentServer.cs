using System.Net;
using System.Net.Sockets;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>A loopback port that takes connections and never answers, or that refuses them and is nobody else's meanwhile.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public SilentServer(bool takesConnections)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (takesConnections)
            _socket.Listen(128);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
