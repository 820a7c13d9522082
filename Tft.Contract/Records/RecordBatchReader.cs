using System.Text;
using System.Text.Unicode;
using Tft.Contract.Json;
using Tft.Contract.Messages;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Contract.Records;

/// <summary>
/// Reads a batch of records straight from the bytes of a request: one pass, nothing allocated for a good record.
/// <code>
/// var reader = new RecordBatchReader(body, rules, now, wrapped: false);
/// while (reader.Read()) { if (reader.Rejected is null) Keep(reader.Name, reader.Seconds, reader.Values); }
/// if (reader.Malformed is { } fault) ...
/// </code>
/// A bad record has <see cref="Rejected"/> and costs only itself; text that is no JSON ends the batch with <see cref="Malformed"/>,
/// and then nothing of it may be kept.
/// </summary>
public ref partial struct RecordBatchReader
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly RecordRules _rules;
    private readonly long _latest;
    private readonly bool _wrapped;
    private JsonScanner _json;
    private FieldOrder _order;
    private RecordFaults? _faults;
    private byte[]? _unescaped;
    private Place _place;

    // the record at hand
    private uint _seen;
    private MetricValues _values;
    private ReadOnlySpan<byte> _name;
    private double _anomaly;
    private double _cpuPct;
    private double _memPct;
    private long _seconds;
    private ServerState _state;

    /// <param name="body">The whole body, UTF-8.</param>
    /// <param name="rules">What records are checked against.</param>
    /// <param name="nowSeconds">The service's clock, Unix time.</param>
    /// <param name="wrapped">False: an array of records. True: an object whose field <c>records</c> is one.</param>
    public RecordBatchReader(ReadOnlySpan<byte> body, RecordRules rules, long nowSeconds, bool wrapped)
    {
        if (body.StartsWith(Encoding.UTF8.Preamble))
            body = body[Encoding.UTF8.Preamble.Length..];
        _body = body;
        _rules = rules;
        _latest = nowSeconds + RecordRules.MaxAheadSeconds;
        _wrapped = wrapped;
        _json = new JsonScanner(body);
        Index = -1;
    }

    private enum Place
    {
        Start,
        InArray,
        End,
    }

    /// <summary>Position of the record in its batch, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Records seen, good and bad.</summary>
    public readonly int Received => Index + 1;

    /// <summary>UTF-8, valid until the next <see cref="Read"/>.</summary>
    public readonly ReadOnlySpan<byte> Name => _name;

    /// <summary>Unix time.</summary>
    public readonly long Seconds => _seconds;

    /// <summary>As sent, or derived by <see cref="StateRule"/>.</summary>
    public readonly ServerState State => _state;

    /// <summary>True where the record brought its state itself.</summary>
    public readonly bool StateGiven => (_seen & HasState) != 0;

    /// <summary>Null where the record has none.</summary>
    public ServerProfile? Profile { readonly get; private set; }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ref readonly MetricValues Values => ref _values;

    /// <summary>Why the record is refused; null for a good one.</summary>
    public RejectedRecord? Rejected { get; private set; }

    /// <summary>Why the text is no JSON, once <see cref="Read"/> gave false.</summary>
    public MalformedJson? Malformed { get; private set; }

    /// <summary>True once the batch was found to have more than <see cref="RecordRules.MaxRecords"/>.</summary>
    public bool TooMany { get; private set; }

    /// <summary>Metrics that a record of contract 1 gave; 0 while none came.</summary>
    public int Contract1Metrics { get; private set; }

    /// <summary>Takes the next record. False at the end of the batch, or where it can't go on: see <see cref="Malformed"/> and <see cref="TooMany"/>.</summary>
    public bool Read()
    {
        Rejected = null;
        if (_place == Place.End)
            return false;
        var before = Index;
        try
        {
            if (!(_place == Place.Start ? Open() : Next()))
            {
                _place = Place.End;
                return false;
            }

            if (Index + 1 >= RecordRules.MaxRecords)
            {
                TooMany = true;
                _place = Place.End;
                return false;
            }

            Index++;
            ReadRecord();
            return true;
        }
        catch (MalformedJsonException e)
        {
            // the record that could not be read to its end is none
            Index = before;
            Malformed = MalformedJson.At(_body, e.Position, e.Message);
            _place = Place.End;
            return false;
        }
    }

    /// <summary>Up to the first record; false where there is none.</summary>
    private bool Open()
    {
        var valid = FirstInvalidUtf8(_body);
        if (valid >= 0)
            throw new MalformedJsonException(valid, "this is no UTF-8.");
        if (_wrapped)
        {
            _json.Expect((byte)'{', "expected an object with the field 'records'.");
            if (_json.Peek() == '}' || !SkipToRecords())
                _json.Fail("the object has no field 'records'.");
        }

        _json.Expect((byte)'[', "expected '['.");
        _place = Place.InArray;
        if (_json.Peek() != ']')
            return true;
        Close();
        return false;
    }

    private bool Next()
    {
        var next = _json.Peek();
        if (next == ',')
        {
            _json.Take();
            return true;
        }

        if (next != ']')
            _json.Fail("expected ',' or ']'.");
        Close();
        return false;
    }

    /// <summary>From the array's end to the end of the text.</summary>
    private void Close()
    {
        _json.Take();
        if (_wrapped)
        {
            if (_json.Peek() == ',')
            {
                _json.Take();
                if (SkipToRecords())
                    _json.Fail("the field 'records' stands there twice.");
            }

            _json.Expect((byte)'}', "expected ',' or '}'.");
        }

        _ = _json.Peek();
        if (!_json.AtEnd)
            _json.Fail("unexpected text after the end.");
    }

    /// <summary>Past the name of the field <c>records</c>, over other fields; false at the end of the object, which is not taken.</summary>
    private bool SkipToRecords()
    {
        while (true)
        {
            if (_json.Peek() != '"')
                _json.Fail("expected a field name.");
            var name = _json.String(out _);
            _json.Expect((byte)':', "expected ':'.");
            if (name.SequenceEqual("records"u8))
                return true;

            _json.SkipValue(1);
            if (_json.Peek() != ',')
                return false;
            _json.Take();
        }
    }

    private static int FirstInvalidUtf8(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
            return -1;
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var used) == System.Buffers.OperationStatus.Done)
            at += used;
        return at;
    }
}
