using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Running;

/// <summary>Loopback ports.</summary>
internal static class Ports
{
    // Below the range from which systems take outgoing ports: a picked port can't be taken by a connection meanwhile
    private const int First = 20_000, Last = 32_000;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Picked = [];

    /// <summary>A port that is free now, and that this process has not picked before.</summary>
    public static int PickFree()
    {
        lock (Gate)
        {
            if (Picked.Count > (Last - First) / 2)
                Picked.Clear();
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last);
                if (!Picked.Add(port))
                    continue;
                try
                {
                    foreach (var listener in Listen(port))
                        listener.Dispose();
                    return port;
                }
                catch (SocketException)
                {
                    // somebody else's: try the next
                }
            }

            throw new DistributedApplicationException($"No free port was found between {First} and {Last}.");
        }
    }

    /// <summary>Listens on every loopback address that this machine has, for localhost means either.</summary>
    /// <param name="port">0 = any free one, the same for all.</param>
    /// <exception cref="SocketException">The port is taken on one of them.</exception>
    public static List<Socket> Listen(int port)
    {
        List<Socket> listeners = [];
        try
        {
            listeners.Add(Listen(new IPEndPoint(IPAddress.Loopback, port)));
            var bound = ((IPEndPoint)listeners[0].LocalEndPoint!).Port;
            if (Socket.OSSupportsIPv6)
                listeners.Add(Listen(new IPEndPoint(IPAddress.IPv6Loopback, bound)));
        }
        catch (SocketException noIPv6) when (listeners.Count == 1
            && noIPv6.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // IPv4 alone is enough
        }
        catch
        {
            listeners.ForEach(listener => listener.Dispose());
            throw;
        }

        return listeners;
    }

    private static Socket Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(address);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
