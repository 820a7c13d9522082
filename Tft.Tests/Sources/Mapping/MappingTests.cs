using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Tft.Adapters.Hosting;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Tests.Sources.Mapping;

[Trait("Ring", "unit")]
public sealed class MappingTests
{
    private readonly List<MappingFault> _faults = [];

    [Fact]
    public void Map_ScaleUnitOffsetRenameConstantDefault_AreApplied()
    {
        var record = Map("""
            {"fields": {
              "timestamp": "t", "server_name": {"path": "h", "rename": {"old": "new"}},
              "cpu_user_pct": {"path": "u", "unit": "ratio"}, "cpu_idle_pct": {"path": "used", "scale": -1, "offset": 100},
              "net_in_mb_s": {"path": "in", "unit": "kbit/s"}, "uptime_days": {"path": "up", "unit": "hours"},
              "swap_used_pct": {"constant": 0}, "disk_usage_pct": {"path": "d", "default": 42},
              "state": {"path": "s", "rename": {"OK": "healthy"}}, "profile": {"constant": "database"}}}
            """, """{"t": 1772438400, "h": "old", "u": 0.25, "used": "30 %", "in": 8000, "up": 36, "s": "OK"}""");

        Assert.Empty(_faults);
        Assert.Equal("new", record!.ServerName);
        Assert.Equal(25, record.Values.Get(Metric.CpuUser), 3);
        Assert.Equal(70, record.Values.Get(Metric.CpuIdle), 3);
        Assert.Equal(1, record.Values.Get(Metric.NetIn), 3);
        Assert.Equal(1.5, record.Values.Get(Metric.UptimeDays), 3);
        Assert.Equal(0, record.Values.Get(Metric.SwapUsed));
        Assert.Equal(42, record.Values.Get(Metric.DiskUsage));
        Assert.Equal((ServerState.Healthy, ServerProfile.Database), (record.State, record.Profile));
        Assert.False(record.Values.Has(Metric.MemUsed));
    }

    [Theory]
    [InlineData("""{"cpu_user_pct": "lots"}""", "cpu_user_pct", "'lots' is not a number")]
    [InlineData("""{"cpu_user_pct": {"pct": 5}}""", "cpu_user_pct", "is not a number")]
    [InlineData("""{"cpu_user_pct": true}""", "cpu_user_pct", "'true' is not a number")]
    [InlineData("""{"mem_used_pct": 5123}""", "mem_used_pct", "out of its range")]
    [InlineData("""{"state": "on fire"}""", "state", "'on fire' is not a state")]
    public void Map_SchemaSurprise_NamesRowAndFieldAndKeepsTheRest(string surprise, string field, string reason)
    {
        var json = """{"timestamp": "2026-03-02T08:00:00Z", "hostname": "a", "load_average": 1.5, """ + surprise[1..];

        var record = Map("{}", json);

        var fault = Assert.Single(_faults);
        Assert.Equal("row 1", fault.Row);
        Assert.Contains(field, fault.Field, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Equal(1.5, record!.Values.Get(Metric.LoadAverage));
        Assert.Equal(1, Enumerable.Range(0, MetricCatalog.Count).Count(m => !float.IsNaN(record.Values[m])));
    }

    [Fact]
    public void Map_NumberAsText_IsANumber() =>
        Assert.Equal(12.5f, Map("{}", """{"timestamp": "1772438400", "server_name": "a", "cpu_user_pct": " 12.5% "}""")!.Values.Get(Metric.CpuUser));

    [Theory]
    [InlineData("""{"server_name": "a", "cpu_user_pct": 1}""", "timestamp")]
    [InlineData("""{"timestamp": "soon", "server_name": "a", "cpu_user_pct": 1}""", "timestamp")]
    [InlineData("""{"timestamp": 1772438400, "cpu_user_pct": 1}""", "server_name")]
    public void Map_NoTimeOrServer_IsAFaultOfTheRow(string json, string field)
    {
        Assert.Null(Map("{}", json));
        Assert.Contains(field, Assert.Single(_faults).Field, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"timestamp": "2026-03-02T08:00:00Z", "server_name": "a", "cpu_usage_pct": 30, "memory_pct": 40}""")]
    [InlineData("""{"@timestamp": "2026-03-02T08:00:00Z", "host": {"name": "a"}, "cpu": {"pct": 30}, "mem": {"pct": 40}}""")]
    [InlineData("""{"Timestamp": "2026-03-02T08:00:00", "Host Name": "a", "cpu_pct": 30, "mem_pct": 40}""")]
    public void Map_KnownAliases_NeedNoConfiguration(string json)
    {
        var record = Map("{}", json)!;

        Assert.Equal(("a", 30f, 40f), (record.ServerName, record.Values.Get(Metric.CpuUser), record.Values.Get(Metric.MemUsed)));
        Assert.False(record.Values.Has(Metric.CpuIdle));
    }

    [Fact]
    public void Map_Contract1_GivesUserAndIdleAndNothingElse()
    {
        var record = Map("""{"preset": "contract1"}""", """{"timestamp": "2025-10-13T16:00:00", "server_name": "ppdb001", "cpu_pct": 45.2, "mem_pct": 67.8, "disk_io_mb_s": 123.4, "latency_ms": 12.5, "state": "healthy"}""")!;

        Assert.Equal(45.2f, record.Values.Get(Metric.CpuUser));
        Assert.Equal(54.8f, record.Values.Get(Metric.CpuIdle), 3);
        Assert.Equal(3, Enumerable.Range(0, MetricCatalog.Count).Count(m => !float.IsNaN(record.Values[m])));
    }

    [Fact]
    public void Take_MetricbeatDocuments_AreMergedAndCountersBecomeRates()
    {
        var plan = MappingPresets.Find("metricbeat")!;
        var groups = new RowGroups(new RecordMapper(plan, MappingTrace.Off));
        var records = new List<MetricRecord>();
        for (var i = 0; i < 3; i++)
        {
            string[] documents =
            [
                Beat(i, 0.1, """{"cpu": {"user": {"norm": {"pct": 0.25}}, "idle": {"norm": {"pct": 0.7}}}}"""),
                Beat(i, 0.2, """{"memory": {"actual": {"used": {"pct": 0.5}}}}"""),
                Beat(i, 0.3, """{"filesystem": {"mount_point": "/boot", "used": {"pct": 0.99}}}"""),
                Beat(i, 0.4, """{"filesystem": {"mount_point": "/", "used": {"pct": 0.6}}}"""),
                Beat(i, 0.5, """{"network": {"name": "eth0", "in": {"bytes": #}, "out": {"bytes": 5}}}""".Replace("#", (i * 10_000_000).ToString())),
                Beat(i, 0.6, """{"network": {"name": "eth1", "in": {"bytes": #}, "out": {"bytes": 5}}}""".Replace("#", (i * 20_000_000).ToString())),
            ];
            records.AddRange(groups.Take(documents.Select(Row), _faults));
        }

        Assert.Empty(_faults);
        Assert.Equal(2, records.Count);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1772438420), groups.HeldFrom);
        var record = records[1];
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1772438410), record.Timestamp);
        Assert.Equal(25, record.Values.Get(Metric.CpuUser), 3);
        Assert.Equal(50, record.Values.Get(Metric.MemUsed), 3);
        Assert.Equal(60, record.Values.Get(Metric.DiskUsage), 3);
        Assert.Equal(3, record.Values.Get(Metric.NetIn), 3);
        Assert.Equal(0, record.Values.Get(Metric.NetOut), 3);
        Assert.False(records[0].Values.Has(Metric.NetIn));

        static string Beat(int i, double offset, string system) =>
            "{\"@timestamp\": " + (1772438400 + (i * 10) + offset).ToString(System.Globalization.CultureInfo.InvariantCulture) + ", \"host\": {\"name\": \"web1\"}, \"system\": " + system + "}";
    }

    [Fact]
    public void PerSecond_CounterResetOrRowOutOfOrder_GivesNothing()
    {
        var rates = new RateMemory();
        var at = DateTimeOffset.UnixEpoch;
        (string, Metric, string) key = ("a", Metric.NetIn, "eth0");

        Assert.Null(rates.PerSecond(key, at, 100));
        Assert.Equal(10, rates.PerSecond(key, at.AddSeconds(10), 200));
        Assert.Null(rates.PerSecond(key, at.AddSeconds(5), 150));
        Assert.Null(rates.PerSecond(key, at.AddSeconds(20), 50));
        Assert.Equal(5, rates.PerSecond(key, at.AddSeconds(30), 100));
    }

    [Theory]
    [InlineData("""{"preset": "nagios"}""", "'nagios' is none of")]
    [InlineData("""{"feilds": {}}""", "feilds is not a setting")]
    [InlineData("""{"fields": {"cpu_percent": "x"}}""", "no field 'cpu_percent'")]
    [InlineData("""{"fields": {"cpu_user_pct": {"path": "x", "unit": "furlongs"}}}""", "'furlongs' is none of")]
    [InlineData("""{"fields": {"cpu_user_pct": {"path": "x", "scale": "big"}}}""", "'big' is not a number")]
    [InlineData("""{"fields": {"cpu_user_pct": {"path": "a..b"}}}""", "is not a path")]
    [InlineData("""{"fields": {"cpu_user_pct": {"scale": 5}}}""", "a path, paths or a constant is needed")]
    [InlineData("""{"fields": {"cpu_user_pct": {"path": "x", "skale": 5}}}""", "skale is not a setting")]
    public void Read_WrongMapping_NamesTheKey(string json, string expected)
    {
        var e = Assert.Throws<ConfigurationException>(() => Plan(json));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private MetricRecord? Map(string mapping, string row)
    {
        var mapper = new RecordMapper(Plan(mapping), MappingTrace.Off);
        return mapper.TryKey(Row(row), _faults, out var server, out var time) ? mapper.Map(server, time, [Row(row)], _faults) : null;
    }

    private static MappingPlan Plan(string json) => MappingPlan.Read(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes("{\"m\":" + json + "}"))).Build().GetSection("m"), "tft");

    private static JsonRow Row(string json) => new(JsonDocument.Parse(json).RootElement, "row 1");
}
