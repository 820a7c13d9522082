using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tft.Contract.Metrics;

namespace Tft.Bench.Ingest;

/// <summary>
/// One keep-alive connection that posts the same servers again and again. The requests are encoded once; only timestamps and values are
/// written anew, because the generator runs on the cores that are measured.
/// </summary>
internal sealed class FeedConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[16 * 1024];
    private readonly byte[][] _requests;
    private readonly int[][] _times;
    private readonly int[][] _values;
    private readonly MovingValues _moving = new();
    private readonly byte[] _time = new byte[19];
    private readonly byte[] _expected;
    private readonly int _roundSeconds;
    private int _next;
    private long _seconds;

    /// <param name="port">Of the service, on loopback.</param>
    /// <param name="key">API key.</param>
    /// <param name="servers">Names that this connection feeds.</param>
    /// <param name="batch">Records of a request.</param>
    /// <param name="startSeconds">Event time of the first round, Unix time.</param>
    /// <param name="roundSeconds">How much later each round is.</param>
    public FeedConnection(int port, string key, IReadOnlyList<string> servers, int batch, long startSeconds, int roundSeconds = 1)
    {
        _seconds = startSeconds;
        _roundSeconds = roundSeconds;
        _expected = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"accepted\":{batch},"));
        (_requests, _times, _values) = Encode(key, servers, batch);
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Event time, Unix time.</summary>
    public long Seconds => _seconds;

    /// <summary>Sends one batch and takes its answer.</summary>
    /// <exception cref="InvalidOperationException">The answer is not that all were accepted.</exception>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        var request = _requests[_next];
        WriteTime(request, _times[_next]);
        _moving.Write(request, _values[_next], _next, _seconds);
        if (++_next == _requests.Length)
        {
            _next = 0;
            _seconds += _roundSeconds;
        }

        var left = request.AsMemory();
        while (!left.IsEmpty)
            left = left[await _socket.SendAsync(left, cancellationToken)..];
        await TakeAnswerAsync(cancellationToken);
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask TakeAnswerAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length), cancellationToken);
            if (read == 0)
                throw new InvalidOperationException("The service closed the connection.");
            length += read;
            var answer = _answer.AsSpan(0, length);
            // the answer of a batch that was taken is one small packet and ends in a brace
            if (answer[^1] == '}' || length == _answer.Length)
            {
                if (!answer.StartsWith("HTTP/1.1 200"u8) || answer.IndexOf(_expected) < 0)
                    throw new InvalidOperationException($"Not all were accepted: {Encoding.UTF8.GetString(answer)}");
                return;
            }
        }
    }

    private void WriteTime(byte[] request, int[] places)
    {
        DateTimeOffset.FromUnixTimeSeconds(_seconds).UtcDateTime.TryFormat(_time, out _, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        foreach (var place in places)
            _time.CopyTo(request, place);
    }

    /// <summary>The bodies alone, at this time.</summary>
    public static byte[][] Bodies(IReadOnlyList<string> servers, int batch, long seconds)
    {
        var random = new Random(1);
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return [.. servers.Chunk(batch).Select(names => Encoding.UTF8.GetBytes(
            $"[{string.Join(',', names.Select(name => Record(name, random).Replace("2025-01-01T00:00:00", time, StringComparison.Ordinal)))}]"))];
    }

    private static (byte[][] Requests, int[][] Times, int[][] Values) Encode(string key, IReadOnlyList<string> servers, int batch)
    {
        var random = new Random(1);
        var requests = servers.Chunk(batch).Select(names =>
        {
            var body = "[" + string.Join(',', names.Select(name => Record(name, random))) + "]";
            var head = $"POST /feed HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nX-Tft-Source: bench\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n";
            return Encoding.UTF8.GetBytes(head + body);
        }).ToArray();
        return (requests, [.. requests.Select(r => Places(r, "\"timestamp\":\""u8.ToArray()))], [.. requests.Select(MovingValues.Places)]);
    }

    /// <summary>All 14 metrics and a state, with three decimals, as adapters send them; every value takes as many bytes.</summary>
    private static string Record(string name, Random random)
    {
        var text = new StringBuilder(512).Append("{\"timestamp\":\"2025-01-01T00:00:00Z\",\"server_name\":\"").Append(name).Append("\",\"state\":\"healthy\"");
        foreach (var metric in MetricCatalog.All)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"{metric.Name}\":{random.Next(10, 90)}{(metric.IsInteger ? "" : ".500")}");
        }

        return text.Append('}').ToString();
    }

    /// <summary>Where what follows a mark begins, for all its places.</summary>
    internal static int[] Places(byte[] request, byte[] mark)
    {
        List<int> places = [];
        for (var at = 0; request.AsSpan(at).IndexOf(mark) is >= 0 and var found;)
        {
            at += found + mark.Length;
            places.Add(at);
        }

        return [.. places];
    }
}
