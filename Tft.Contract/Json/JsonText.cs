using System.Buffers.Text;
using System.Text;

namespace Tft.Contract.Json;

/// <summary>Escapes of JSON strings.</summary>
internal static class JsonText
{
    /// <summary>Resolves the escapes of a scanned string. The result is never longer than the source; -1 where half of a surrogate pair stands alone.</summary>
    public static int Unescape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var to = 0;
        for (var at = 0; at < source.Length;)
        {
            if (source[at] != '\\')
            {
                destination[to++] = source[at++];
                continue;
            }

            if (source[at + 1] != 'u')
            {
                destination[to++] = Simple(source[at + 1]);
                at += 2;
                continue;
            }

            var unit = Hex(source[(at + 2)..]);
            at += 6;
            Rune rune;
            if (char.IsHighSurrogate(unit) && at + 6 <= source.Length && source[at] == '\\' && source[at + 1] == 'u'
                && Rune.TryCreate(unit, Hex(source[(at + 2)..]), out rune))
                at += 6;
            else if (!Rune.TryCreate(unit, out rune))
                return -1;
            to += rune.EncodeToUtf8(destination[to..]);
        }

        return to;
    }

    /// <summary>Text of a value for a message: at most 64 characters, control characters shown as spaces.</summary>
    public static string Excerpt(ReadOnlySpan<byte> utf8)
    {
        const int longest = 64;
        var cut = utf8.Length > longest;
        if (cut)
        {
            utf8 = utf8[..longest];
            // not in the middle of a character
            while (utf8.Length > 0 && (utf8[^1] & 0xC0) == 0x80)
                utf8 = utf8[..^1];
            if (utf8.Length > 0 && utf8[^1] >= 0xC0)
                utf8 = utf8[..^1];
        }

        var text = string.Create(null, $"{Encoding.UTF8.GetString(utf8)}{(cut ? "..." : "")}");
        return string.Create(text.Length, text, static (span, t) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(t[i]) ? ' ' : t[i];
        });
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits[..4], out ushort unit, out _, 'x') ? (char)unit : '\0';

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'b' => 8,
        (byte)'f' => 12,
        (byte)'n' => 10,
        (byte)'r' => 13,
        (byte)'t' => 9,
        _ => escape,
    };
}
