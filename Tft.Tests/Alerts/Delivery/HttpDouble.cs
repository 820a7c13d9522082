using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>A web server that answers every request with one status, and is no ASP.NET Core: its own spans would tell what it is asked.</summary>
internal sealed class HttpDouble : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _answer;
    private readonly Task _serving;

    public HttpDouble(int status)
    {
        _answer = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} so\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>Paths with queries, in order.</summary>
    public List<string> Asked { get; } = [];

    public void Dispose()
    {
        _listener.Stop();
        _serving.Wait(Eventually.Timeout);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
            catch (IOException)
            {
                // hung up on: the next one
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // stopped, while it waited or before it asked again
                return;
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var length = 0;
        for (var line = await reader.ReadLineAsync(); !string.IsNullOrEmpty(line); line = await reader.ReadLineAsync())
        {
            if (line.StartsWith("POST ", StringComparison.Ordinal))
                Asked.Add(line.Split(' ')[1]);
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture);
        }

        await reader.ReadBlockAsync(new char[length], 0, length);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer));
    }
}
