using System.Runtime.CompilerServices;

namespace Tft.Dashboard.Live;

/// <summary>One server-sent event. A comment line (heartbeat) is given as an event of type <see cref="Heartbeat"/>.</summary>
internal sealed record ServerSentEvent(string Type, string Data, string? Id)
{
    public const string Heartbeat = ":";
}

/// <summary>Reads the text of a server-sent event stream (WHATWG HTML, 9.2.6), with comments, which tell that the line is alive.</summary>
internal static class SseReader
{
    /// <summary>Lines longer than this end the stream: nobody sends them in good faith.</summary>
    private const int MaxEventLength = 1 << 20;

    public static async IAsyncEnumerable<ServerSentEvent> ReadAsync(
        TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string type = "message", data = "";
        string? id = null;
        var hasData = false;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (hasData)
                {
                    yield return new(type, data, id);
                }

                (type, data, hasData) = ("message", "", false);
                continue;
            }

            if (line[0] == ':')
            {
                yield return new(ServerSentEvent.Heartbeat, "", id);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "event":
                    type = value;
                    break;
                case "data":
                    data = hasData ? data + "\n" + value : value;
                    hasData = true;
                    break;
                case "id":
                    id = value;
                    break;
            }

            if (data.Length > MaxEventLength)
            {
                throw new InvalidDataException($"A server-sent event is longer than {MaxEventLength} characters.");
            }
        }
    }
}
