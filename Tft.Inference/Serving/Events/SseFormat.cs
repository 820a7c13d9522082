using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tft.Inference.Serving.Events;

/// <summary>Text of server-sent events.</summary>
internal static class SseFormat
{
    /// <summary>Keeps proxies and clients from closing a quiet stream.</summary>
    public static byte[] KeepAlive { get; } = ": keep-alive\n\n"u8.ToArray();

    /// <param name="name">Type of the event.</param>
    /// <param name="id">For Last-Event-ID; null leaves it out.</param>
    /// <param name="json">One line of JSON.</param>
    public static byte[] Event(string name, long? id, ReadOnlySpan<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 64);
        Encoding.UTF8.GetBytes($"event: {name}\n", buffer);
        if (id is { } number)
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {number}\n"), buffer);
        buffer.Write("data: "u8);
        buffer.Write(json);
        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
