using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tft.Contract.Problems;
using Tft.Inference.Otlp.Decoding;

namespace Tft.Inference.Otlp;

/// <summary>Answers in the request's encoding: ExportMetricsServiceResponse, and google.rpc.Status for a refusal.</summary>
internal static class OtlpAnswer
{
    public const string Protobuf = "application/x-protobuf";
    public const string Json = "application/json";

    /// <summary>A full success is an empty message.</summary>
    public static byte[] Success(bool json, long rejected, string? why)
    {
        if (rejected == 0)
            return json ? "{}"u8.ToArray() : [];
        why ??= "";
        if (json)
        {
            return Object(writer =>
            {
                writer.WriteStartObject("partialSuccess");
                writer.WriteString("rejectedDataPoints", rejected.ToString(CultureInfo.InvariantCulture));
                writer.WriteString("errorMessage", why);
                writer.WriteEndObject();
            });
        }

        var partial = new ArrayBufferWriter<byte>();
        WriteVarint(partial, 1 << 3);
        WriteVarint(partial, (ulong)rejected);
        WriteBytes(partial, 2, Encoding.UTF8.GetBytes(why));
        var response = new ArrayBufferWriter<byte>();
        WriteBytes(response, 1, partial.WrittenSpan);
        return response.WrittenSpan.ToArray();
    }

    public static byte[] Status(bool json, Problem problem)
    {
        var (code, message) = (CodeOf(problem.Status), $"{problem.Title}: {problem.Detail}");
        if (json)
        {
            return Object(writer =>
            {
                writer.WriteNumber("code", code);
                writer.WriteString("message", message);
            });
        }

        var status = new ArrayBufferWriter<byte>();
        WriteVarint(status, 1 << 3);
        WriteVarint(status, (ulong)code);
        WriteBytes(status, 2, Encoding.UTF8.GetBytes(message));
        return status.WrittenSpan.ToArray();
    }

    /// <summary>google.rpc.Code.</summary>
    private static int CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => 16,
        StatusCodes.Status403Forbidden => 7,
        StatusCodes.Status429TooManyRequests => 8,
        StatusCodes.Status503ServiceUnavailable => 14,
        >= StatusCodes.Status500InternalServerError => 13,
        _ => 3,
    };

    private static byte[] Object(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteBytes(ArrayBufferWriter<byte> to, uint field, ReadOnlySpan<byte> bytes)
    {
        WriteVarint(to, (field << 3) | ProtoReader.Bytes);
        WriteVarint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void WriteVarint(ArrayBufferWriter<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.Write([(byte)(value | 0x80)]);
        to.Write([(byte)value]);
    }
}
