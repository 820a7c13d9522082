using System.Globalization;
using System.Text;
using Tft.Adapters.Sources.Http;
using Tft.Adapters.Sources.InfluxDb;
using Tft.Contract.Metrics;
using Tft.Contract.Records;

namespace Tft.Adapters.Seeding.Targets;

/// <summary>
/// InfluxDB 1, 2 and 3 by line protocol, as Telegraf's standard inputs would have written the fleet: 12 of the 14 metrics, the network as
/// counters. A point that is written twice is there once.
/// </summary>
internal sealed class InfluxTarget(HttpStore store, InfluxOptions options, int everySeconds) : ISeedTarget
{
    private readonly GrowingCounters _counters = new(everySeconds);

    /// <summary>Version 1 has its database made; version 3 makes it when written to; a bucket of version 2 has to be there.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (options.Version != 1)
            return;
        var name = options.Database.Split('/')[0].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, "query") { Content = new FormUrlEncodedContent([new("q", $"CREATE DATABASE \"{name}\"")]) };
        using var answer = await store.SendAsync(request, $"creating {name}", cancellationToken).ConfigureAwait(false);
    }

    public Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public async Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder(samples.Count * 400);
        _counters.Begin();
        foreach (var sample in samples)
            Append(lines, sample);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path()) { Content = new StringContent(lines.ToString()) };
        using var answer = await store.SendAsync(request, "writing points", cancellationToken).ConfigureAwait(false);
        _counters.Keep();
    }

    public ValueTask DisposeAsync()
    {
        store.Dispose();
        return default;
    }

    private string Path()
    {
        var database = options.Database.Split('/');
        return options.Version switch
        {
            1 => $"write?db={Uri.EscapeDataString(database[0])}{(database is [_, var policy] ? "&rp=" + Uri.EscapeDataString(policy) : "")}&precision=s",
            2 => $"api/v2/write?org={Uri.EscapeDataString(options.Org)}&bucket={Uri.EscapeDataString(options.Bucket)}&precision=s",
            _ => $"api/v3/write_lp?db={Uri.EscapeDataString(options.Database)}&precision=second",
        };
    }

    private void Append(StringBuilder lines, MetricRecord sample)
    {
        Line(lines, sample, "cpu", ",cpu=cpu-total", [("usage_user", Metric.CpuUser), ("usage_system", Metric.CpuSys), ("usage_iowait", Metric.CpuIoWait), ("usage_idle", Metric.CpuIdle)]);
        Line(lines, sample, "mem", "", [("used_percent", Metric.MemUsed)]);
        Line(lines, sample, "swap", "", [("used_percent", Metric.SwapUsed)]);
        Line(lines, sample, "disk", ",path=/", [("used_percent", Metric.DiskUsage)]);
        Line(lines, sample, "system", "", [("load1", Metric.LoadAverage)]);
        Whole(lines, sample, "system", "", "uptime", sample.Values.Get(Metric.UptimeDays) * 86400d);
        Whole(lines, sample, "netstat", "", "tcp_close_wait", sample.Values.Get(Metric.BackCloseWait));
        Whole(lines, sample, "net", ",interface=eth0", "bytes_recv", _counters.Add(sample.ServerName, "in", sample.Values.Get(Metric.NetIn)) * 1e6);
        Whole(lines, sample, "net", ",interface=eth0", "bytes_sent", _counters.Add(sample.ServerName, "out", sample.Values.Get(Metric.NetOut)) * 1e6);
    }

    private void Line(StringBuilder lines, MetricRecord sample, string measurement, string tags, ReadOnlySpan<(string Field, Metric Metric)> fields)
    {
        var start = lines.Length;
        lines.Append(CultureInfo.InvariantCulture, $"{measurement},{options.HostTag}={sample.ServerName}{tags} ");
        var head = lines.Length;
        foreach (var (field, metric) in fields)
        {
            if (sample.Values.Has(metric))
                lines.Append(lines.Length == head ? "" : ",").Append(CultureInfo.InvariantCulture, $"{field}={sample.Values.Get(metric)}");
        }

        if (lines.Length == head)
            lines.Length = start;
        else
            lines.Append(CultureInfo.InvariantCulture, $" {sample.Timestamp.ToUnixTimeSeconds()}\n");
    }

    private void Whole(StringBuilder lines, MetricRecord sample, string measurement, string tags, string field, double value)
    {
        if (double.IsFinite(value))
            lines.Append(CultureInfo.InvariantCulture, $"{measurement},{options.HostTag}={sample.ServerName}{tags} {field}={(long)value}i {sample.Timestamp.ToUnixTimeSeconds()}\n");
    }
}
