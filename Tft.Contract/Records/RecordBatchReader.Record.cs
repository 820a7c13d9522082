using System.Text;
using Tft.Contract.Json;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Contract.Records;

public ref partial struct RecordBatchReader
{
    private const uint MetricBits = (1u << MetricCatalog.Count) - 1;
    private const uint HasTimestamp = 1u << RecordField.Timestamp;
    private const uint HasName = 1u << RecordField.ServerName;
    private const uint HasState = 1u << RecordField.State;

    private static readonly float[] s_max = [.. MetricCatalog.All.Select(m => m.Max)];
    private static readonly bool[] s_whole = [.. MetricCatalog.All.Select(m => m.IsInteger)];

    /// <summary>Depth of a record's fields: the batch's object and array, the record.</summary>
    private const int FieldDepth = 3;

    private void ReadRecord()
    {
        _seen = 0;
        _values = MetricValues.Missing;
        _name = default;
        _seconds = 0;
        _anomaly = _cpuPct = _memPct = double.NaN;
        Profile = null;
        _faults = null;

        var first = _json.Peek();
        if (first != '{')
        {
            NotAnObject();
            return;
        }

        _json.Take();
        var position = 0;
        if (_json.Peek() == '}')
        {
            _json.Take();
        }
        else
        {
            while (true)
            {
                var field = FieldName(position++);
                ReadField(field);
                var next = _json.Peek();
                if (next is not ((byte)',' or (byte)'}'))
                    _json.Fail("expected ',' or '}'.");
                _json.Take();
                if (next == '}')
                    break;
            }
        }

        Complete();
    }

    private int FieldName(int position)
    {
        if (_json.Peek() == '"' && _order.TryGet(position, out var start, out var length, out var known)
            && _json.TryTake(_json.Slice(start, length)))
        {
            _json.Expect((byte)':', "expected ':'.");
            return known;
        }

        if (_json.Peek() != '"')
            _json.Fail("expected a field name.");
        var at = _json.Position;
        var name = _json.String(out var escaped);
        int field;
        if (!escaped)
        {
            field = RecordField.Find(name);
            // a long name would be cut and match another: only what fits is remembered
            if (name.Length < 256)
                _order.Set(position, at, name.Length + 2, field);
        }
        else
        {
            Span<byte> plain = stackalloc byte[64];
            var size = name.Length <= plain.Length ? JsonText.Unescape(name, plain) : -1;
            field = size < 0 ? RecordField.Unknown : RecordField.Find(plain[..size]);
        }

        _json.Expect((byte)':', "expected ':'.");
        return field;
    }

    private void ReadField(int field)
    {
        var next = _json.Peek();
        if (next == 'n')
        {
            // null is "not there", for every field
            _json.Literal("null"u8);
            return;
        }

        if (field < MetricCatalog.Count)
            ReadMetric(field, next);
        else
            ReadOther(field, next);
    }

    private void ReadMetric(int field, byte next)
    {
        var start = _json.Position;
        if (next is (byte)'"' or (byte)'{' or (byte)'[' or (byte)'t' or (byte)'f')
        {
            _json.SkipValue(FieldDepth);
            Faults().NotANumber(RecordField.Name(field), Since(start));
            _seen |= 1u << field;
            return;
        }

        var value = _json.Number();
        _seen |= 1u << field;
        // written so that NaN fails too
        if (value >= 0 && value <= s_max[field] && (!s_whole[field] || value == Math.Floor(value)))
        {
            // + 0 makes a negative zero a plain one
            _values[field] = (float)(value + 0.0);
            return;
        }

        if (double.IsNaN(value))
            Faults().NotANumber(RecordField.Name(field), Since(start));
        else
            Faults().OutOfRange(MetricCatalog.All[field], Since(start));
    }

    private void ReadOther(int field, byte next)
    {
        var start = _json.Position;
        switch (field)
        {
            case RecordField.Timestamp:
                ReadTimestamp(next);
                break;
            case RecordField.ServerName:
                ReadName(next);
                break;
            case RecordField.State when next == '"':
                var state = _json.String(out _);
                _seen |= HasState;
                if (!TryState(state, out _state))
                    Faults().BadState(Since(start));
                break;
            case RecordField.Profile when next == '"':
                var profile = _json.String(out _);
                if (TryProfile(profile, out var known))
                    Profile = known;
                else
                    Faults().BadProfile(Since(start));
                break;
            case RecordField.AnomalyScore:
                _anomaly = ReadNumber("anomaly_score", next, start);
                if (_anomaly is < 0 or > 1)
                    Faults().OutOfUnitRange("anomaly_score", Since(start));
                break;
            case RecordField.CpuPct when _rules.TakesContract1:
                _cpuPct = ReadPercent("cpu_pct", next, start);
                break;
            case RecordField.MemPct when _rules.TakesContract1:
                _memPct = ReadPercent("mem_pct", next, start);
                break;
            default:
                _json.SkipValue(FieldDepth);
                if (field == RecordField.State)
                    Faults().BadState(Since(start));
                else if (field == RecordField.Profile)
                    Faults().BadProfile(Since(start));
                break;
        }
    }

    /// <summary>After the last field: what is missing, contract 1, the state.</summary>
    private void Complete()
    {
        if ((_seen & HasTimestamp) == 0)
            Faults().MissingTimestamp();
        if ((_seen & HasName) == 0)
            Faults().MissingName();
        if (_rules.TakesContract1)
            MapContract1();
        if ((_seen & MetricBits) == 0 && _faults is null)
            Faults().NoMetric();

        if (_faults is not null)
            Rejected = _faults.ToRejected(Index, (_seen & HasName) == 0 || _name.IsEmpty ? null : Encoding.UTF8.GetString(_name));
        else if ((_seen & HasState) == 0)
            _state = StateRule.Derive(_values, _anomaly, _seconds, _rules.Calendar);
    }

    private void MapContract1()
    {
        var before = _seen & MetricBits;
        if (!double.IsNaN(_cpuPct))
        {
            Map(Metric.CpuUser, _cpuPct);
            Map(Metric.CpuIdle, 100 - _cpuPct);
        }

        if (!double.IsNaN(_memPct))
            Map(Metric.MemUsed, _memPct);
        if (before != (_seen & MetricBits) && Contract1Metrics == 0)
            Contract1Metrics = System.Numerics.BitOperations.PopCount(_seen & MetricBits);
    }

    private void Map(Metric metric, double value)
    {
        var bit = 1u << (int)metric;
        if ((_seen & bit) != 0)
            return;
        _values.Set(metric, (float)value);
        _seen |= bit;
    }

    private void NotAnObject()
    {
        var start = _json.Position;
        _json.SkipValue(FieldDepth - 1);
        Faults().NotAnObject(Since(start));
        Rejected = _faults!.ToRejected(Index, null);
    }

    private readonly ReadOnlySpan<byte> Since(int start) => _json.Slice(start, _json.Position - start);

    private RecordFaults Faults() => _faults ??= new RecordFaults();
}
