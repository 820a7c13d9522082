using System.Collections.Immutable;
using System.Globalization;
using Tft.Adapters.Hosting;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Sources.InfluxDb;

/// <summary>Where a metric of the contract is: a field of a measurement, of the points with these tags.</summary>
/// <param name="Series">For counters: the tag that tells them apart. Not empty: growth per second, summed over the series.</param>
internal sealed record InfluxField(MetricDefinition Metric, string Measurement, string Field, ImmutableArray<(string Tag, string Value)> Where, double Scale = 1, string Series = "")
{
    /// <summary>Interfaces that are no traffic of their own.</summary>
    public const string VirtualInterfaces = "^(lo|all|veth.*|docker.*|br-.*|virbr.*|cni.*|flannel.*|cali.*|dummy.*)$";

    public bool IsCounter => Series.Length > 0;

    /// <summary>What Telegraf's standard inputs write.</summary>
    public static IReadOnlyList<InfluxField> Telegraf { get; } =
    [
        Of("cpu_user_pct", "cpu", "usage_user", ("cpu", "cpu-total")),
        Of("cpu_sys_pct", "cpu", "usage_system", ("cpu", "cpu-total")),
        Of("cpu_iowait_pct", "cpu", "usage_iowait", ("cpu", "cpu-total")),
        Of("cpu_idle_pct", "cpu", "usage_idle", ("cpu", "cpu-total")),
        Of("mem_used_pct", "mem", "used_percent"),
        Of("swap_used_pct", "swap", "used_percent"),
        Of("disk_usage_pct", "disk", "used_percent", ("path", "/")),
        Of("net_in_mb_s", "net", "bytes_recv") with { Scale = 1e-6, Series = "interface" },
        Of("net_out_mb_s", "net", "bytes_sent") with { Scale = 1e-6, Series = "interface" },
        Of("load_average", "system", "load1"),
        Of("uptime_days", "system", "uptime") with { Scale = 1.0 / 86400 },
        Of("back_close_wait", "netstat", "tcp_close_wait"),
    ];

    /// <summary>The section's <c>Metrics</c> over Telegraf's; an empty measurement takes one away.</summary>
    public static IReadOnlyList<InfluxField> Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var fields = Telegraf.ToDictionary(f => f.Metric.Name, StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var metric in section.GetChildren())
        {
            if (MetricCatalog.Find(metric.Key) is not { } definition)
            {
                faults.Add($"{metric.Path}: the contract has no metric of this name");
                continue;
            }

            var (measurement, field) = (metric["measurement"] ?? "", metric["field"] ?? "");
            fields.Remove(metric.Key);
            if (measurement.Length == 0)
                continue;
            if (!double.TryParse(metric["scale"] ?? "1", NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) || field.Length == 0)
                faults.Add($"{metric.Path}: measurement, field, and a number as scale are needed");
            else
                fields[metric.Key] = new InfluxField(
                    definition, measurement, field, [.. metric.GetSection("where").GetChildren().Select(w => (w.Key, w.Value ?? ""))], scale, metric["series"] ?? "");
        }

        return faults.Count > 0 ? throw new ConfigurationException(faults) : [.. fields.Values];
    }

    private static InfluxField Of(string metric, string measurement, string field, params (string Tag, string Value)[] where) =>
        new(MetricCatalog.Find(metric)!, measurement, field, [.. where]);
}
