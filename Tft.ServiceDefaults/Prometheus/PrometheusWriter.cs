using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Tft.ServiceDefaults.Prometheus;

/// <summary>
/// Writes Prometheus' text format, version 0.0.4, as UTF-8 straight into a buffer. Names are the caller's and taken as they
/// are; help texts and label values may hold anything and are escaped.
/// </summary>
public sealed class PrometheusWriter(IBufferWriter<byte> output)
{
    private bool _inLabels;

    /// <param name="name">Name of the family, of letters, digits, '_' and ':'.</param>
    /// <param name="type">counter, gauge, histogram, summary or untyped.</param>
    /// <param name="help">One sentence; may be empty.</param>
    public void Family(ReadOnlySpan<char> name, ReadOnlySpan<char> type, ReadOnlySpan<char> help)
    {
        if (help.Length > 0)
        {
            Raw("# HELP "u8);
            Text(name);
            Raw(" "u8);
            Escaped(help, quotes: false);
            Raw("\n"u8);
        }

        Raw("# TYPE "u8);
        Text(name);
        Raw(" "u8);
        Text(type);
        Raw("\n"u8);
    }

    /// <summary>Begins a sample; labels follow, then <see cref="Value(double)"/>.</summary>
    public PrometheusWriter Sample(ReadOnlySpan<char> name, ReadOnlySpan<char> suffix = default)
    {
        Text(name);
        Text(suffix);
        _inLabels = false;
        return this;
    }

    public PrometheusWriter Label(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        Raw(_inLabels ? ","u8 : "{"u8);
        _inLabels = true;
        Text(name);
        Raw("=\""u8);
        Escaped(value, quotes: true);
        Raw("\""u8);
        return this;
    }

    public void Value(double value)
    {
        EndLabels();
        Number(value);
        Raw("\n"u8);
    }

    public void Value(long value)
    {
        EndLabels();
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var written);
        output.Advance(written);
        Raw("\n"u8);
    }

    private void EndLabels()
    {
        Raw(_inLabels ? "} "u8 : " "u8);
        _inLabels = false;
    }

    /// <summary>Shortest text that reads back as the same number; infinities and NaN in Prometheus' spelling.</summary>
    private void Number(double value)
    {
        if (double.IsNaN(value)) Raw("NaN"u8);
        else if (double.IsInfinity(value)) Raw(value > 0 ? "+Inf"u8 : "-Inf"u8);
        else
        {
            var span = output.GetSpan(32);
            value.TryFormat(span, out var written, provider: System.Globalization.CultureInfo.InvariantCulture);
            output.Advance(written);
        }
    }

    private void Escaped(ReadOnlySpan<char> text, bool quotes)
    {
        while (true)
        {
            var at = quotes ? text.IndexOfAny('\\', '\n', '"') : text.IndexOfAny('\\', '\n');
            if (at < 0)
            {
                Text(text);
                return;
            }

            Text(text[..at]);
            Raw(text[at] switch { '\\' => "\\\\"u8, '\n' => "\\n"u8, _ => "\\\""u8 });
            text = text[(at + 1)..];
        }
    }

    private void Text(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    private void Raw(ReadOnlySpan<byte> text) => output.Write(text);
}
