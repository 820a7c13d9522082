using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Tft.ServiceDefaults;
using Tft.ServiceDefaults.Prometheus;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.ServiceDefaults;

[Trait("Ring", "component")]
public sealed class PrometheusTests : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly MetricRegistry _registry;
    private readonly Meter _meter;

    public PrometheusTests()
    {
        _services = new ServiceCollection().AddMetrics().AddSingleton<MetricRegistry>().AddSingleton<IMetricsBlock, OneForecast>().BuildServiceProvider();
        _registry = _services.GetRequiredService<MetricRegistry>();
        _meter = _services.GetRequiredService<IMeterFactory>().Create("tft.test");
        _registry.StartAsync(CancellationToken.None);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Write_Counter_SumsPerLabelSetWhateverTheOrder()
    {
        var records = _meter.CreateCounter<long>("tft.feed.records", "{record}", "Records taken.");
        records.Add(2, new("source", "a"), new("code", "x"));
        records.Add(3, new("code", "x"), new("source", "a"));
        records.Add(1, new KeyValuePair<string, object?>("source", "b"));

        var text = Scrape();

        Assert.Contains("# HELP tft_feed_records_total Records taken.\n# TYPE tft_feed_records_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("tft_feed_records_total{source=\"a\",code=\"x\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("tft_feed_records_total{source=\"b\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileLabelValueAndHelp_IsEscaped()
    {
        var records = _meter.CreateCounter<long>("tft.x", description: "a\\b\nc \"d\"");
        records.Add(1, new KeyValuePair<string, object?>("server", "a\"} 9\n# TYPE evil counter\\"));

        var text = Scrape();

        Assert.Contains("# HELP tft_x_total a\\\\b\\nc \"d\"\n", text, StringComparison.Ordinal);
        Assert.Contains("tft_x_total{server=\"a\\\"} 9\\n# TYPE evil counter\\\\\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Histogram_CumulatesAdvisedBuckets()
    {
        var duration = _meter.CreateHistogram(
            "tft.forecast.duration", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var seconds in new[] { 0.05, 0.1, 0.5, 3 }) duration.Record(seconds);

        Assert.Contains(
            """
            tft_forecast_duration_seconds_bucket{le="0.1"} 2
            tft_forecast_duration_seconds_bucket{le="1"} 3
            tft_forecast_duration_seconds_bucket{le="+Inf"} 4
            tft_forecast_duration_seconds_sum 3.65
            tft_forecast_duration_seconds_count 4

            """,
            Scrape(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_UpDownCounterAndGauges_AreGaugesWithUnit()
    {
        var active = _meter.CreateUpDownCounter<int>("tft.alerts.active", "{alert}");
        active.Add(5);
        active.Add(-2);
        _meter.CreateObservableGauge("tft.snapshot.age", () => 1.5, "s");
        var share = _meter.CreateGauge<double>("tft.share", "1");
        share.Record(0.25);
        share.Record(0.75);

        var text = Scrape();

        Assert.Contains("# TYPE tft_alerts_active gauge\ntft_alerts_active 3\n", text, StringComparison.Ordinal);
        Assert.Contains("tft_snapshot_age_seconds 1.5\n", text, StringComparison.Ordinal);
        Assert.Contains("tft_share_ratio 0.75\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ObservedNoMore_SeriesIsGone()
    {
        string[] sources = ["a", "b"];
        _meter.CreateObservableGauge("tft.lag", () => sources.Select(s => new Measurement<int>(1, new KeyValuePair<string, object?>("source", s))));
        Assert.Contains("tft_lag{source=\"b\"} 1", Scrape(), StringComparison.Ordinal);

        sources = ["a"];
        var text = Scrape();

        Assert.Contains("tft_lag{source=\"a\"} 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tft_lag{source=\"b\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MoreLabelSetsThanAllowed_CountsWhatIsDropped()
    {
        var records = _meter.CreateCounter<long>("tft.many");
        for (var i = 0; i < MetricFamily.MaxSeries + 7; i++) records.Add(1, new KeyValuePair<string, object?>("i", i));

        var text = Scrape();

        Assert.Equal(MetricFamily.MaxSeries, text.Split("\ntft_many_total{").Length - 1);
        Assert.Contains("tft_metrics_dropped_total 7\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SpecialNumbers_AreSpeltAsPrometheusDoes()
    {
        var gauge = _meter.CreateGauge<double>("tft.g");
        gauge.Record(double.NaN, new KeyValuePair<string, object?>("k", "nan"));
        gauge.Record(double.NegativeInfinity, new KeyValuePair<string, object?>("k", "low"));
        gauge.Record(1e21, new KeyValuePair<string, object?>("k", "large"));

        var text = Scrape();

        Assert.Contains("tft_g{k=\"nan\"} NaN\n", text, StringComparison.Ordinal);
        Assert.Contains("tft_g{k=\"low\"} -Inf\n", text, StringComparison.Ordinal);
        Assert.Contains("tft_g{k=\"large\"} 1E+21\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OtherMetersAndOtherApplicationsMeters_AreLeftOut()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("tft.test").CreateCounter<int>("tft.other").Add(1);
        _services.GetRequiredService<IMeterFactory>().Create("Some.Library").CreateCounter<int>("library").Add(1);

        var text = Scrape();

        Assert.DoesNotContain("tft_other", text, StringComparison.Ordinal);
        Assert.DoesNotContain("library", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Block_FollowsTheMeters()
        => Assert.EndsWith(
            "# HELP tft_forecast Forecast of a metric.\n# TYPE tft_forecast gauge\ntft_forecast{server=\"ppml0001\",quantile=\"p50\"} 12.5\n",
            Scrape(),
            StringComparison.Ordinal);

    [Fact]
    public void Record_KnownSeries_AllocatesNothing()
    {
        var records = _meter.CreateCounter<long>("tft.hot");
        object source = "a";
        for (var i = 0; i < 100; i++) records.Add(1, new KeyValuePair<string, object?>("source", source));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) records.Add(1, new KeyValuePair<string, object?>("source", source));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Record_ManyThreads_LosesNothing()
    {
        var records = _meter.CreateCounter<long>("tft.threads");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++) records.Add(1, new KeyValuePair<string, object?>("k", i % 10));
        }))).DefaultTimeout();

        Assert.Contains("tft_threads_total{k=\"3\"} 4000\n", Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OverHttp_HasTheTypeAndTheRuntimesMetrics()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.AddServiceDefaults();
        builder.AddPrometheusMetrics();
        await using var app = builder.Build();
        app.MapPrometheusMetrics();
        app.MapGet("/items/{id}", (string id) => id);
        await app.StartAsync().DefaultTimeout();
        using var client = app.GetTestClient();
        await client.GetStringAsync(new Uri("/items/5", UriKind.Relative)).DefaultTimeout();

        using var response = await client.GetAsync(new Uri("/metrics", UriKind.Relative)).DefaultTimeout();
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("# TYPE dotnet_gc_collections_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/items/{id}\"", text, StringComparison.Ordinal);
        Assert.All(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'),
            line => Assert.Matches("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\n"])*",?)+\})? (NaN|[+-]Inf|-?[0-9.]+(E[+-][0-9]+)?)$""", line));
    }

    private string Scrape()
    {
        var buffer = new ArrayBufferWriter<byte>();
        _registry.Write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private sealed class OneForecast : IMetricsBlock
    {
        public void Write(PrometheusWriter writer)
        {
            writer.Family("tft_forecast", "gauge", "Forecast of a metric.");
            writer.Sample("tft_forecast").Label("server", "ppml0001").Label("quantile", "p50").Value(12.5);
        }
    }
}
