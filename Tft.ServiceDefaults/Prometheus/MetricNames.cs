using System.Diagnostics.Metrics;
using System.Text;

namespace Tft.ServiceDefaults.Prometheus;

/// <summary>OpenTelemetry's rules for Prometheus: '_' for what is no letter or digit, the unit as a suffix, counters end in _total.</summary>
internal static class MetricNames
{
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder(Clean(instrument.Name));
        var unit = Unit(instrument.Unit, kind);
        if (unit.Length > 0 && !EndsWith(name, unit)) name.Append('_').Append(unit);
        if (kind == MetricKind.Counter && !EndsWith(name, "total")) name.Append("_total");
        return name.ToString();
    }

    public static string Clean(string name)
    {
        var clean = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] == '_' ? source[i] : '_';
        });
        return clean.Length > 0 && char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static bool EndsWith(StringBuilder name, string suffix)
        => name.ToString().EndsWith("_" + suffix, StringComparison.Ordinal);

    /// <summary>UCUM units that occur; <c>{thing}</c> is an annotation and no unit.</summary>
    private static string Unit(string? unit, MetricKind kind) => unit switch
    {
        null or "" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "By/s" => "bytes_per_second",
        "%" => "percent",
        "1" => kind == MetricKind.Gauge ? "ratio" : "",
        ['{', ..] => "",
        _ => Clean(unit),
    };
}

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
