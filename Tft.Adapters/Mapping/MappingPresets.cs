using System.Collections.Immutable;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Mapping;

/// <summary>Mappings that need no configuration, by name.</summary>
internal static class MappingPresets
{
    private static readonly string[] s_time = ["timestamp", "@timestamp", "Timestamp", "time"];
    private static readonly string[] s_server = ["server_name", "hostname", "host.name", "host.hostname", "agent.hostname", "host", "Host Name"];

    public static IEnumerable<string> Names => ["tft", "contract1", "metricbeat", "telegraf"];

    public static MappingPlan? Find(string name) => name switch
    {
        "tft" or "contract2" => s_tft,
        "contract1" => s_contract1,
        "metricbeat" or "elastic" => s_metricbeat,
        "telegraf" => s_telegraf,
        _ => null,
    };

    /// <summary>The contract's own names, and the aliases that earlier adapters knew.</summary>
    private static readonly MappingPlan s_tft = new()
    {
        Fields = Rows().AddRange(MetricCatalog.All.Select(m => Named(m.Name, FieldRule.From(Aliases(m))))),
    };

    /// <summary>cpu_pct is what is used: it gives user, and idle as the rest; nothing is known of the other parts.</summary>
    private static readonly MappingPlan s_contract1 = new()
    {
        Fields = Rows().AddRange(
        [
            Named("cpu_user_pct", FieldRule.From("cpu_pct", "cpu_usage_pct", "cpu.pct")),
            Named("cpu_idle_pct", FieldRule.From("cpu_pct", "cpu_usage_pct", "cpu.pct") with { Scale = -1, Offset = 100 }),
            Named("mem_used_pct", FieldRule.From("mem_pct", "memory_pct", "mem.pct")),
        ]),
    };

    /// <summary>The Elastic system module: one metricset a document, ratios 0..1 normalised by processor, counters for the network.</summary>
    private static readonly MappingPlan s_metricbeat = new()
    {
        MergeSeconds = 10,
        Fields = Rows().AddRange(
        [
            Named("cpu_user_pct", Ratio("system.cpu.user.norm.pct")),
            Named("cpu_sys_pct", Ratio("system.cpu.system.norm.pct")),
            Named("cpu_iowait_pct", Ratio("system.cpu.iowait.norm.pct")),
            Named("cpu_idle_pct", Ratio("system.cpu.idle.norm.pct")),
            Named("mem_used_pct", Ratio("system.memory.actual.used.pct", "system.memory.used.pct")),
            Named("swap_used_pct", Ratio("system.memory.swap.used.pct")),
            Named("disk_usage_pct", Ratio("system.filesystem.used.pct") with { Where = [(FieldPath.Parse("system.filesystem.mount_point"), "/")] }),
            Named("net_in_mb_s", Counter("system.network.in.bytes", "system.network.name")),
            Named("net_out_mb_s", Counter("system.network.out.bytes", "system.network.name")),
            Named("load_average", FieldRule.From("system.load.1")),
            Named("uptime_days", FieldRule.From("system.uptime.duration.ms") with { Scale = 1.0 / 86_400_000 }),
            Named("back_close_wait", FieldRule.From("system.socket.summary.tcp.all.close_wait")),
        ]),
    };

    /// <summary>Telegraf's JSON lines: one measurement a row, its name in <c>name</c>.</summary>
    private static readonly MappingPlan s_telegraf = new()
    {
        MergeSeconds = 10,
        Fields = Rows().SetItem("server_name", FieldRule.From("tags.host", "host")).AddRange(
        [
            Named("cpu_user_pct", Telegraf("cpu", "usage_user", ("tags.cpu", "cpu-total"))),
            Named("cpu_sys_pct", Telegraf("cpu", "usage_system", ("tags.cpu", "cpu-total"))),
            Named("cpu_iowait_pct", Telegraf("cpu", "usage_iowait", ("tags.cpu", "cpu-total"))),
            Named("cpu_idle_pct", Telegraf("cpu", "usage_idle", ("tags.cpu", "cpu-total"))),
            Named("mem_used_pct", Telegraf("mem", "used_percent")),
            Named("swap_used_pct", Telegraf("swap", "used_percent")),
            Named("disk_usage_pct", Telegraf("disk", "used_percent", ("tags.path", "/"))),
            Named("net_in_mb_s", Telegraf("net", "bytes_recv") with { Scale = 1e-6, Rate = true, Combine = Combine.Sum, SeriesPath = FieldPath.Parse("tags.interface") }),
            Named("net_out_mb_s", Telegraf("net", "bytes_sent") with { Scale = 1e-6, Rate = true, Combine = Combine.Sum, SeriesPath = FieldPath.Parse("tags.interface") }),
            Named("load_average", Telegraf("system", "load1")),
            Named("uptime_days", Telegraf("system", "uptime") with { Scale = 1.0 / 86400 }),
            Named("back_close_wait", Telegraf("netstat", "tcp_close_wait")),
        ]),
    };

    private static ImmutableDictionary<string, FieldRule> Rows() => ImmutableDictionary.CreateRange(StringComparer.Ordinal,
    [
        Named("timestamp", FieldRule.From(s_time)),
        Named("server_name", FieldRule.From(s_server)),
        Named("state", FieldRule.From("state", "status")),
        Named("profile", FieldRule.From("profile")),
    ]);

    private static string[] Aliases(MetricDefinition metric) => metric.Id switch
    {
        Metric.CpuUser => [metric.Name, "cpu_usage_pct", "cpu.pct", "cpu_pct"],
        Metric.MemUsed => [metric.Name, "memory_pct", "mem.pct", "mem_pct"],
        _ => [metric.Name],
    };

    private static FieldRule Ratio(params ReadOnlySpan<string> paths) => FieldRule.From(paths) with { Scale = 100 };

    private static FieldRule Counter(string path, string series) =>
        FieldRule.From(path) with { Scale = 1e-6, Rate = true, Combine = Combine.Sum, SeriesPath = FieldPath.Parse(series) };

    private static FieldRule Telegraf(string measurement, string field, params (string Path, string Value)[] where) =>
        FieldRule.From("fields." + field) with { Where = [(FieldPath.Parse("name"), measurement), .. where.Select(w => (FieldPath.Parse(w.Path), w.Value))] };

    private static KeyValuePair<string, FieldRule> Named(string field, FieldRule rule) => new(field, rule);
}
