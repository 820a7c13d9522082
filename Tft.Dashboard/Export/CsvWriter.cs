using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tft.Dashboard.Export;

/// <summary>Rows of comma-separated values (RFC 4180). Texts that a spreadsheet would run as a formula are disarmed.</summary>
internal sealed class CsvWriter
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private readonly StringBuilder _text = new();
    private bool _rowIsOpen;

    public CsvWriter Text(string? value)
    {
        value ??= "";
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            value = "'" + value;
        }

        Separate();
        _text.Append(value.AsSpan().ContainsAny(s_quoted) ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value);
        return this;
    }

    /// <summary>A number; an empty cell where there is none.</summary>
    public CsvWriter Number(double? value)
    {
        Separate();
        if (value is { } number && double.IsFinite(number))
        {
            _text.Append(number.ToString("0.####", CultureInfo.InvariantCulture));
        }

        return this;
    }

    /// <summary>A small number whose digits matter, six of them.</summary>
    public CsvWriter Exact(double value)
    {
        Separate();
        _text.Append(value.ToString("G6", CultureInfo.InvariantCulture));
        return this;
    }

    public void EndRow()
    {
        _text.Append("\r\n");
        _rowIsOpen = false;
    }

    public override string ToString() => _text.ToString();

    private void Separate()
    {
        if (_rowIsOpen)
        {
            _text.Append(',');
        }

        _rowIsOpen = true;
    }
}
