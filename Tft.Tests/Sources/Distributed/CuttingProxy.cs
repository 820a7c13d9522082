using System.Net;
using System.Net.Sockets;

namespace Tft.Tests.Sources.Distributed;

/// <summary>Passes TCP connections on to a store, and can cut one in the middle of an answer.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly int _target;
    private readonly Task _accepting;
    private long _left = long.MaxValue;
    private int _cuts;
    private int _refusals;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers that were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Connections that the store did not take.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Resets the connection on which this many more bytes have come from the store.</summary>
    public void CutAfter(int bytes)
    {
        lock (_lock)
            _left = bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var store = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await store.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                // either side's end is the connection's
                await Task.WhenAny(PumpAsync(client, store, _ => int.MaxValue), PumpAsync(store, client, Allowed));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // the store is down: so is the connection
                Interlocked.Increment(ref _refusals);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<int, int> allowed)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token)) > 0)
            {
                var pass = Math.Min(read, allowed(read));
                for (var sent = 0; sent < pass;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, pass - sent), SocketFlags.None, _stopping.Token);
                if (pass == read)
                    continue;
                to.LingerState = new LingerOption(true, 0);
                return;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // either side may end a connection at any time
        }
    }

    private int Allowed(int read)
    {
        lock (_lock)
        {
            if (_left > read)
            {
                _left -= _left == long.MaxValue ? 0 : read;
                return read;
            }

            var pass = (int)_left - 1;
            _left = long.MaxValue;
            _cuts++;
            return Math.Max(0, pass);
        }
    }
}
