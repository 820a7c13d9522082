using System.Text;
using Tft.Contract.Json;
using Tft.Contract.Servers;
using Tft.Contract.Time;

namespace Tft.Contract.Records;

/// <content>Single fields that are no metric of contract 2: each reads its value, and adds a fault where it can't.</content>
public ref partial struct RecordBatchReader
{
    private double ReadPercent(string field, byte next, int start)
    {
        var value = ReadNumber(field, next, start);
        if (value is >= 0 and <= 100 || double.IsNaN(value))
            return value;
        Faults().OutOfPercentRange(field, Since(start));
        return double.NaN;
    }

    /// <summary>NaN, and a fault, where there is no number.</summary>
    private double ReadNumber(string field, byte next, int start)
    {
        var value = double.NaN;
        if (next is (byte)'"' or (byte)'{' or (byte)'[' or (byte)'t' or (byte)'f')
            _json.SkipValue(FieldDepth);
        else
            value = _json.Number();
        if (double.IsNaN(value))
            Faults().NotANumber(field, Since(start));
        return value;
    }

    private void ReadTimestamp(byte next)
    {
        var start = _json.Position;
        _seen |= HasTimestamp;
        if (next != '"')
        {
            _json.SkipValue(FieldDepth);
            Faults().BadTimestamp(Since(start));
        }
        else if (!Iso8601.TryParse(_json.String(out _), out _seconds))
        {
            Faults().BadTimestamp(Since(start));
        }
        else if (_seconds > _latest)
        {
            Faults().InFuture(Since(start));
        }
    }

    private void ReadName(byte next)
    {
        _seen |= HasName;
        if (next != '"')
        {
            var start = _json.Position;
            _json.SkipValue(FieldDepth);
            Faults().BadName($"is {JsonText.Excerpt(Since(start))}; it must be a string.");
            return;
        }

        _name = _json.String(out var escaped);
        if (escaped && !TryUnescapeName())
            Faults().BadName("holds half of a surrogate pair.");
        else if (_name.Trim(" "u8).IsEmpty)
            Faults().BadName($"is empty; it must have 1 to {RecordRules.MaxNameLength} characters.");
        else if (_name.Length > RecordRules.MaxNameLength && Encoding.UTF8.GetCharCount(_name) is > RecordRules.MaxNameLength and var length)
            Faults().BadName($"has {length} characters; it must have 1 to {RecordRules.MaxNameLength}.");
        else if (escaped && _name.IndexOfAnyInRange((byte)0, (byte)31) >= 0)
            Faults().BadName("holds a control character.");
    }

    private bool TryUnescapeName()
    {
        if (_unescaped is null || _unescaped.Length < _name.Length)
            _unescaped = new byte[Math.Max(256, _name.Length)];
        var length = JsonText.Unescape(_name, _unescaped);
        if (length < 0)
            return false;
        _name = _unescaped.AsSpan(0, length);
        return true;
    }

    private static bool TryState(ReadOnlySpan<byte> name, out ServerState state)
    {
        // the commonest first
        if (name.SequenceEqual("healthy"u8))
        {
            state = ServerState.Healthy;
            return true;
        }

        Span<char> text = stackalloc char[32];
        state = ServerState.Missing;
        return name.Length <= text.Length && ServerStates.TryParse(text[..Encoding.UTF8.GetChars(name, text)], out state);
    }

    private static bool TryProfile(ReadOnlySpan<byte> name, out ServerProfile profile)
    {
        Span<char> text = stackalloc char[32];
        profile = ServerProfile.Unknown;
        return name.Length <= text.Length && ServerProfiles.TryParse(text[..Encoding.UTF8.GetChars(name, text)], out profile);
    }
}
