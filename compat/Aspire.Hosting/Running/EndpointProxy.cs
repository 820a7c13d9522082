using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// Holds the advertised port of an endpoint and passes its connections on to the resource's processes in turn. A
/// connection that comes before there is a process is parked until there is one, for up to <see cref="Patience"/>.
/// </summary>
internal sealed class EndpointProxy : IAsyncDisposable
{
    public const int MaxParked = 20;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);
    private readonly List<Socket> _listeners;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private volatile int[] _backends = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _turn = -1;
    private int _parked;

    private EndpointProxy(List<Socket> listeners)
    {
        _listeners = listeners;
        Port = ((IPEndPoint)listeners[0].LocalEndPoint!).Port;
        _accepting = Task.WhenAll(listeners.Select(AcceptAsync));
    }

    public int Port { get; }

    public int Parked => Volatile.Read(ref _parked);

    /// <param name="port">0 = any free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static EndpointProxy Listen(int port) => new(Ports.Listen(port));

    public void Add(int backend) => Change(backends => [.. backends, backend]);

    public void Remove(int backend) => Change(backends => [.. backends.Where(known => known != backend)]);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await _accepting;
        _stopping.Dispose();
    }

    private void Change(Func<int[], int[]> change)
    {
        lock (_gate)
        {
            _backends = change(_backends);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync(_stopping.Token), _stopping.Token);
            }
            catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // the client went away before it was accepted
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken stopping)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                using var backend = await ConnectAsync(stopping);
                if (backend is null)
                    return;
                using var broken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                await Task.WhenAll(PumpAsync(client, backend, broken), PumpAsync(backend, client, broken));
            }
            catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // either side may end a connection at any time
            }
        }
    }

    /// <summary>A connection to the next process; null when none answered in time or too many wait already.</summary>
    private async Task<Socket?> ConnectAsync(CancellationToken stopping)
    {
        if (await TryBackendsAsync(stopping) is { } immediate)
            return immediate;
        if (Interlocked.Increment(ref _parked) > MaxParked)
        {
            Interlocked.Decrement(ref _parked);
            return null;
        }

        try
        {
            var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
            while (Environment.TickCount64 < deadline)
            {
                Task changed;
                lock (_gate)
                    changed = _changed.Task;
                var left = TimeSpan.FromMilliseconds(Math.Max(1, deadline - Environment.TickCount64));

                // with a process that doesn't listen yet ask again soon; with none wait for one
                await Task.WhenAny(changed, Task.Delay(_backends.Length > 0 ? Retry : left, stopping));
                stopping.ThrowIfCancellationRequested();
                if (await TryBackendsAsync(stopping) is { } backend)
                    return backend;
            }

            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _parked);
        }
    }

    private async Task<Socket?> TryBackendsAsync(CancellationToken stopping)
    {
        var backends = _backends;
        for (var attempt = 0; attempt < backends.Length; attempt++)
        {
            var port = backends[(Interlocked.Increment(ref _turn) & int.MaxValue) % backends.Length];
            foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
            {
                if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
                    continue;
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(address, port, stopping);
                    return socket;
                }
                catch (SocketException)
                {
                    socket.Dispose();
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            }
        }

        return null;
    }

    /// <summary>Copies one direction; its end is passed on as a half-close, its failure ends both.</summary>
    private static async Task PumpAsync(Socket from, Socket to, CancellationTokenSource broken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, SocketFlags.None, broken.Token)) > 0)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), SocketFlags.None, broken.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
