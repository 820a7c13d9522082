using System.Buffers.Text;

namespace Tft.Contract.Json;

internal ref partial struct JsonScanner
{
    private const int ExactPower = 22;

    /// <summary>Powers of ten that a double holds exactly: with a mantissa under 2^53, one division rounds correctly.</summary>
    private static readonly double[] s_power = [.. Enumerable.Range(0, ExactPower + 1).Select(n => double.Parse($"1e{n}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>A number; infinite where it is too large for a double or the word says so, NaN for the word NaN.</summary>
    public double Number()
    {
        var json = _json;
        var at = _at;
        var negative = false;
        if ((uint)at < (uint)json.Length && json[at] == '-')
        {
            negative = true;
            at++;
        }

        var mantissa = 0UL;
        var first = at;
        while ((uint)at < (uint)json.Length && (uint)(json[at] - '0') <= 9)
            mantissa = (mantissa * 10) + (uint)(json[at++] - '0');
        var digits = at - first;
        if (digits == 0)
            return Word(negative, at);
        if (digits > 1 && json[first] == '0')
            FailAt(first, "a number does not start with 0 and another digit.");

        var exponent = 0;
        if ((uint)at < (uint)json.Length && json[at] == '.')
        {
            var point = ++at;
            while ((uint)at < (uint)json.Length && (uint)(json[at] - '0') <= 9)
                mantissa = (mantissa * 10) + (uint)(json[at++] - '0');
            exponent = point - at;
            digits -= exponent;
            if (exponent == 0)
                FailAt(at, "expected a digit after the point.");
        }

        if ((uint)at < (uint)json.Length && (json[at] | 0x20) == 'e')
            return WithExponent(at + 1);

        // 18 digits can't have overflowed the mantissa
        if (digits > 18 || mantissa > 1UL << 53 || exponent < -ExactPower)
            return Slow(at);

        _at = at;
        var value = exponent == 0 ? mantissa : mantissa / s_power[-exponent];
        return negative ? -value : value;
    }

    private double WithExponent(int at)
    {
        if (at < _json.Length && _json[at] is (byte)'+' or (byte)'-')
            at++;
        var first = at;
        while (at < _json.Length && (uint)(_json[at] - '0') <= 9)
            at++;
        if (at == first)
            FailAt(at, "expected a digit of the exponent.");
        return Slow(at);
    }

    /// <summary>Correctly rounded, for numbers that need more than one division.</summary>
    private double Slow(int end)
    {
        var text = _json[_at..end];
        if (!Utf8Parser.TryParse(text, out double value, out var used) || used != text.Length)
            FailAt(_at, "this is no number.");
        _at = end;
        return value;
    }

    private double Word(bool negative, int at)
    {
        if (_json[at..].StartsWith("Infinity"u8))
        {
            _at = at + "Infinity"u8.Length;
            return negative ? double.NegativeInfinity : double.PositiveInfinity;
        }

        if (!negative && _json[at..].StartsWith("NaN"u8))
        {
            _at = at + "NaN"u8.Length;
            return double.NaN;
        }

        FailAt(at, negative ? "expected a digit." : "expected a value.");
        return 0;
    }

    private void FailAt(int at, string what)
    {
        _at = at;
        Fail(what);
    }
}
