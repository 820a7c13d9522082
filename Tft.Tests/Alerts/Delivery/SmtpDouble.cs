using System.Net;
using System.Net.Sockets;
using System.Text;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Alerts.Delivery;

/// <summary>A mail server of RFC 5321, without TLS: what it was told, and answers that can be set.</summary>
internal sealed class SmtpDouble : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public SmtpDouble()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>Answers by the first word of a command, where they are others than usual.</summary>
    public Dictionary<string, string> Answers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Commands { get; } = [];

    /// <summary>Head and text of each message.</summary>
    public List<string> Messages { get; } = [];

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
                await TalkAsync(client.GetStream());
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

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        using var writer = new StreamWriter(stream, Encoding.Latin1) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 double");
        while (await reader.ReadLineAsync() is { } line)
        {
            Commands.Add(line);
            var command = line.Split(' ', ':')[0];
            await writer.WriteLineAsync(Answers.TryGetValue(command, out var set) ? set : command.ToUpperInvariant() switch
            {
                "EHLO" => "250-double\r\n250-AUTH LOGIN\r\n250 8BITMIME",
                "AUTH" => "334 UGFzc3dvcmQ6",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => line.All(c => char.IsLetterOrDigit(c) || c == '=') ? "235 in" : "250 ok",
            });
            if (line == "DATA" && !Answers.ContainsKey("DATA"))
            {
                var message = new StringBuilder();
                while (await reader.ReadLineAsync() is { } part && part != ".")
                    message.Append(part.StartsWith('.') ? part[1..] : part).Append('\n');
                Messages.Add(message.ToString());
                await writer.WriteLineAsync("250 taken");
            }
        }
    }
}
