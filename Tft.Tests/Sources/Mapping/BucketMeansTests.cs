using Microsoft.Extensions.Configuration;
using Tft.Adapters.Mapping;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;

namespace Tft.Tests.Sources.Mapping;

/// <summary>Samples of five minutes as one record.</summary>
[Trait("Ring", "unit")]
public sealed class BucketMeansTests
{
    [Fact]
    public void Close_Buckets_AreMeansAndForCountsTheLast()
    {
        var means = new BucketMeans(MappingTrace.Off);
        var start = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        foreach (var (second, cpu, count) in ((int, float, float)[])[(0, 10, 5), (100, 20, 6), (299, float.NaN, 7), (300, 99, 99)])
        {
            var values = MetricValues.Missing;
            values.Set(Metric.CpuUser, cpu);
            values.Set(Metric.BackCloseWait, count);
            means.Add(new MetricRecord { ServerName = "a", Timestamp = start.AddSeconds(second), Values = values, State = second == 100 ? ServerState.CriticalIssue : ServerState.Healthy });
        }

        var record = Assert.Single(means.Close(start.AddSeconds(300)));

        Assert.Equal((start, 15f, 7f, ServerState.CriticalIssue), (record.Timestamp, record.Values.Get(Metric.CpuUser), record.Values.Get(Metric.BackCloseWait), record.State!.Value));
        Assert.False(record.Values.Has(Metric.CpuIdle));
    }

    [Fact]
    public void Close_TheSameSecondTwice_CountsOnce()
    {
        var means = new BucketMeans(MappingTrace.Off);
        var start = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        foreach (var (server, second, cpu) in ((string, int, float)[])[("a", 0, 10), ("a", 299, 40), ("a", 299, 40), ("b", 299, 80), ("a", 599, 1)])
        {
            var values = MetricValues.Missing;
            values.Set(Metric.CpuUser, cpu);
            means.Add(new MetricRecord { ServerName = server, Timestamp = start.AddSeconds(second), Values = values });
        }

        Assert.Equal([("a", 25f), ("b", 80f)], means.Close(start.AddSeconds(300)).Select(r => (r.ServerName, r.Values.Get(Metric.CpuUser))));
    }
}
