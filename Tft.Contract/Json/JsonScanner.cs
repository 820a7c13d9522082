using System.Diagnostics.CodeAnalysis;

namespace Tft.Contract.Json;

/// <summary>
/// A cursor over JSON text (RFC 8259) that is valid UTF-8 already. Strict, but for one thing: the bare words NaN, Infinity and
/// -Infinity, which several languages write, pass as numbers, so that one such value costs its record and not its whole batch.
/// Allocates nothing; gives up with <see cref="MalformedJsonException"/>.
/// </summary>
internal ref partial struct JsonScanner(ReadOnlySpan<byte> json)
{
    /// <summary>Levels of nesting that are followed.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;

    public readonly int Position => _at;

    public readonly ReadOnlySpan<byte> Slice(int start, int length) => _json.Slice(start, length);

    public readonly bool AtEnd => _at >= _json.Length;

    /// <summary>The next byte that is not white space, without taking it; 0 at the end.</summary>
    public byte Peek()
    {
        while ((uint)_at < (uint)_json.Length)
        {
            var c = _json[_at];
            if (c > ' ')
                return c;
            if (c is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                Fail("unexpected control character.");
            _at++;
        }

        return 0;
    }

    public void Take() => _at++;

    /// <summary>Takes the next byte, which must be this one.</summary>
    public void Expect(byte wanted, string what)
    {
        if ((uint)_at < (uint)_json.Length && _json[_at] == wanted)
        {
            _at++;
            return;
        }

        if (Peek() != wanted)
            Fail(what);
        _at++;
    }

    /// <summary>True, and past them, if these bytes come next.</summary>
    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        if (_json.Length - _at < expected.Length || !_json.Slice(_at, expected.Length).SequenceEqual(expected))
            return false;
        _at += expected.Length;
        return true;
    }

    /// <summary>A string: the bytes between its quotes, escapes not resolved.</summary>
    public ReadOnlySpan<byte> String(out bool escaped)
    {
        Expect((byte)'"', "expected a string.");
        escaped = false;
        var start = _at;
        var json = _json;
        var i = start;
        for (; (uint)i < (uint)json.Length; i++)
        {
            var c = json[i];
            if (c == '"')
            {
                _at = i + 1;
                return json[start..i];
            }

            if (c == '\\')
            {
                escaped = true;
                i = AfterEscape(i) - 1;
            }
            else if (c < ' ')
            {
                _at = i;
                Fail("a control character in a string must be escaped.");
            }
        }

        _at = json.Length;
        Fail("the string has no end.");
        return default;
    }

    /// <summary>Takes a whole value of any kind.</summary>
    public void SkipValue(int depth)
    {
        // one bit a level: 1 for an object
        var isObject = 0UL;
        var inner = 0;
        while (true)
        {
            switch (Peek())
            {
                case (byte)'{':
                case (byte)'[':
                    var opens = _json[_at] == '{';
                    if (depth + ++inner > MaxDepth)
                        Fail($"nested deeper than {MaxDepth} levels.");
                    isObject = (isObject << 1) | (opens ? 1UL : 0);
                    _at++;
                    if (Peek() == (opens ? (byte)'}' : (byte)']'))
                        break;
                    if (opens)
                        SkipName();
                    continue;
                case (byte)'"':
                    _ = String(out _);
                    break;
                case (byte)'t':
                    Literal("true"u8);
                    break;
                case (byte)'f':
                    Literal("false"u8);
                    break;
                case (byte)'n':
                    Literal("null"u8);
                    break;
                default:
                    _ = Number();
                    break;
            }

            // a value has ended, or an empty container is about to: close what closes here
            while (true)
            {
                if (inner == 0)
                    return;
                var inObject = (isObject & 1) == 1;
                var next = Peek();
                if (next == ',')
                {
                    _at++;
                    if (inObject)
                        SkipName();
                    break;
                }

                if (next != (inObject ? (byte)'}' : (byte)']'))
                    Fail(inObject ? "expected ',' or '}'." : "expected ',' or ']'.");
                _at++;
                inner--;
                isObject >>= 1;
            }
        }
    }

    public void Literal(ReadOnlySpan<byte> word)
    {
        if (!TryTake(word))
            Fail("expected a value.");
    }

    [DoesNotReturn]
    public readonly void Fail(string what) =>
        throw new MalformedJsonException(_at, _at >= _json.Length ? $"the text ends too early: {what}" : what);

    private void SkipName()
    {
        if (Peek() != '"')
            Fail("expected a field name.");
        _ = String(out _);
        Expect((byte)':', "expected ':'.");
    }

    /// <summary>Position after the escape that starts here.</summary>
    private int AfterEscape(int backslash)
    {
        var at = backslash + 1;
        if (at < _json.Length)
        {
            if (_json[at] == 'u' && at + 4 < _json.Length && IsHex(_json.Slice(at + 1, 4)))
                return at + 5;
            if ("\"\\/bfnrt"u8.Contains(_json[at]))
                return at + 1;
        }

        _at = backslash;
        Fail("this is no escape.");
        return 0;
    }

    private static bool IsHex(ReadOnlySpan<byte> digits)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
        }

        return true;
    }
}
