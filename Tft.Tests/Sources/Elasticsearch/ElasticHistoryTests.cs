using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources;
using Tft.Adapters.Sources.Elasticsearch;
using Tft.Contract.Metrics;
using Tft.Contract.Records;
using Tft.Contract.Servers;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Elasticsearch;

/// <summary>History as the cluster's means: the same as from the documents, or the documents.</summary>
[Trait("Ring", "component")]
public sealed class ElasticHistoryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_from = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new();
    private readonly LogLines<ElasticSource> _log = new();
    private ElasticDouble _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ElasticDouble.StartAsync();
        foreach (var metric in MetricCatalog.All)
            _cluster.Map(metric.Name, metric.IsInteger ? "long" : "float");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Backfill_PlainDocuments_AreAveragedByTheClusterAsTheyWouldBeHere()
    {
        Fill(servers: 5, hours: 3);

        var means = await ReadAsync();
        var (bytes, searches) = (_cluster.BytesAnswered, _cluster.Searches);
        Assert.Equal(searches - 1, _cluster.Aggregations);
        Assert.Empty(_log.Lines);
        // One index that holds names as text alone: nothing can be grouped by them.
        _cluster.Map("hostname.keyword", "text");
        var documents = await ReadAsync();

        Assert.Equal(5 * 36, means.Count);
        AssertSame(documents, means);
        Assert.Equal(searches - 1, _cluster.Aggregations);
        Assert.Contains("read document by document and averaged here: hostname is mapped as text, without a keyword", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
        Assert.True(_cluster.BytesAnswered - bytes > 2 * bytes, $"{bytes} bytes of means, {_cluster.BytesAnswered - bytes} of documents");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public async Task Backfill_MoreMeansThanFitIntoAnAnswer_AreAllThereOnceAndInOrder(int pageSize)
    {
        Fill(servers: 9, hours: 1);

        var means = await ReadAsync(configure: o => o.PageSize = pageSize);

        Assert.Equal(9 * 12, means.Count);
        Assert.Equal(means.Count, means.DistinctBy(m => (m.ServerName, m.Timestamp)).Count());
        Assert.Equal(means.OrderBy(m => m.Timestamp), means);
    }

    [Fact]
    public async Task Backfill_DocumentsThatAreThereTwice_CountOnceAndOnlyTheirServerIsReadByDocuments()
    {
        Fill(servers: 3, hours: 1);
        var once = await ReadAsync();
        var before = _cluster.BytesAnswered;
        _cluster.Add(Document(1, s_from.AddMinutes(2), cpu: 99));
        _cluster.Add(Document(1, s_from.AddMinutes(2), cpu: 99));

        var twice = await ReadAsync();

        AssertSame(once, twice);
        var only = _cluster.LastSearch!["query"]!["bool"]!["filter"]![1]!["terms"]!["hostname.keyword"]!;
        Assert.Equal("[\"host1\"]", only.ToJsonString());
        Assert.Empty(_log.Lines);
        Assert.True(before > 0);
    }

    [Fact]
    public async Task Backfill_DocumentWithoutAServer_IsReportedAsItIsInALiveRead()
    {
        Fill(servers: 2, hours: 2);
        _cluster.Add($$"""{"@timestamp":"{{s_from.AddMinutes(90):yyyy-MM-ddTHH:mm:ss}}Z","cpu_user_pct":5}""");
        var faults = new List<MappingFault>();

        var means = await ReadAsync(faults: faults);

        Assert.Equal(2 * 24, means.Count);
        Assert.Single(faults, f => f.Reason == "no server name there");
    }

    [Theory]
    [InlineData("cpu_user_pct", "text", "cpu_user_pct is mapped as text")]
    [InlineData("cpu_user_pct", "keyword", "cpu_user_pct is mapped as keyword")]
    [InlineData("cpu_user_pct", "long", "which cuts what stands behind the point")]
    [InlineData("state.keyword", "text", "state is mapped as text")]
    [InlineData("@timestamp", "text", "@timestamp is mapped as text")]
    [InlineData("timestamp", "date", "the mapping's timestamp is timestamp")]
    [InlineData("cpu_pct", "float", "cpu_user_pct stands at more than one place")]
    public async Task Backfill_IndexThatMeansCantBeTakenFrom_IsReadByDocumentsAndTheLogSaysWhy(string field, string type, string reason)
    {
        Fill(servers: 2, hours: 1);
        var expected = await ReadAsync();
        _cluster.Map(field, type);

        var read = await ReadAsync();

        AssertSame(expected, read);
        Assert.Contains(reason, Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rate", "net_in_mb_s is the rate of a counter")]
    [InlineData("where", "disk_usage_pct has a where")]
    [InlineData("list", "metrics[0].value is an element of a list")]
    [InlineData("default", "swap_used_pct has a default")]
    [InlineData("rename", "servers are renamed")]
    [InlineData("merge", "documents of 10 s are one record")]
    public async Task Backfill_MappingThatTheClusterCantFollow_IsReadByDocumentsAndTheLogSaysWhy(string what, string reason)
    {
        Fill(servers: 2, hours: 1);
        var plan = MappingPresets.Find("tft")!;
        plan = what switch
        {
            "rate" => With("net_in_mb_s", FieldRule.From("net_in_mb_s") with { Rate = true }),
            "where" => With("disk_usage_pct", FieldRule.From("disk_usage_pct") with { Where = [(FieldPath.Parse("mount"), "/")] }),
            "list" => With("load_average", FieldRule.From("metrics[0].value")),
            "default" => With("swap_used_pct", FieldRule.From("swap_used_pct") with { Default = "0" }),
            "rename" => With("server_name", FieldRule.From("hostname") with { Rename = new FieldRule().Rename.Add("host0", "host1") }),
            _ => plan with { MergeSeconds = 10 },
        };

        var read = await ReadAsync(plan: plan);

        Assert.NotEmpty(read);
        Assert.Equal(0, _cluster.Aggregations);
        Assert.Contains(reason, Assert.Single(_log.Lines).Text, StringComparison.Ordinal);

        MappingPlan With(string field, FieldRule rule) => plan with { Fields = plan.Fields.SetItem(field, rule) };
    }

    [Fact]
    public async Task Backfill_NamesThatTheIndexChanges_AreReadByDocuments()
    {
        Fill(servers: 2, hours: 1, name: "Host");
        _cluster.LowersKeywords = true;

        var read = await ReadAsync();

        Assert.All(read, r => Assert.StartsWith("Host", r.ServerName, StringComparison.Ordinal));
        Assert.Contains("hostname.keyword holds 'host", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backfill_ClusterRefusesTheSearch_IsReadByDocumentsAndNotAskedAgain()
    {
        Fill(servers: 2, hours: 1);
        var source = Source();
        FailIn(2, context =>
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync("""{"error":{"type":"illegal_argument_exception","reason":"unknown field [fixed_interval]"},"status":400}""");
        });

        var first = await ReadAsync(source);
        var second = await ReadAsync(source);

        Assert.Equal(2 * 12, first.Count);
        AssertSame(first, second);
        Assert.Equal(0, _cluster.Aggregations);
        Assert.Contains("unknown field [fixed_interval]", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backfill_ClusterIsAwayForAMoment_IsAnErrorAndThenMeansAgain()
    {
        Fill(servers: 2, hours: 2);
        var source = Source();
        FailIn(3, context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsync("""{"error":"no master"}""");
        });

        await Assert.ThrowsAsync<SourceException>(() => ReadAsync(source));
        var read = await ReadAsync(source);

        Assert.Equal(2 * 24, read.Count);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Backfill_OfANewcomer_AsksForItsDocumentsOnly()
    {
        Fill(servers: 6, hours: 1);

        var read = await ReadAsync(servers: new HashSet<string> { "host4" });

        Assert.Equal(12, read.Count);
        Assert.All(read, r => Assert.Equal("host4", r.ServerName));
    }

    /// <summary>A document of each server every 20 s: values missing here and there, out of their range, of whole numbers whose last counts, and states.</summary>
    private void Fill(int servers, int hours, string name = "host")
    {
        var random = new Random(7);
        for (var time = s_from; time < s_from.AddHours(hours); time += TimeSpan.FromSeconds(20))
        {
            for (var server = 0; server < servers; server++)
                _cluster.Add(Document(server, time, random.Next(500, 9500) / 100.0, random, name));
        }
    }

    private static string Document(int server, DateTimeOffset time, double cpu, Random? random = null, string name = "host") => string.Create(
        CultureInfo.InvariantCulture, $$"""{"@timestamp":"{{time:yyyy-MM-ddTHH:mm:ss}}Z","hostname":"{{name}}{{server}}","cpu_user_pct":{{cpu}}{{More(random)}}}""");

    private static string More(Random? random) => random is null ? "" : string.Concat(
        random.Next(4) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",\"mem_used_pct\":{(random.Next(9) == 0 ? 130 : random.Next(10_000) / 100.0)}"),
        random.Next(4) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",\"back_close_wait\":{random.Next(900)}"),
        random.Next(9) == 0 ? ",\"state\":\"heavy_load\"" : ",\"state\":\"healthy\"");

    private void FailIn(int searches, Func<HttpContext, Task> failure) => (_cluster.FailIn, _cluster.Failure) = (searches, failure);

    private ElasticSource Source(MappingPlan? plan = null, Action<ElasticOptions>? configure = null)
    {
        var options = new ElasticOptions { Url = _cluster.Url, IndexPattern = "metrics-*" };
        configure?.Invoke(options);
        return new ElasticSource(
            new ElasticClient(ElasticTransport.Of(options, "test"), options), options, new RecordMapper(plan ?? MappingPresets.Find("tft")!, MappingTrace.Off), _clock, _log);
    }

    private async Task<List<MetricRecord>> ReadAsync(
        IMetricSource? source = null, MappingPlan? plan = null, Action<ElasticOptions>? configure = null, List<MappingFault>? faults = null, IReadOnlySet<string>? servers = null)
    {
        var records = new List<MetricRecord>();
        var reached = s_from;
        await foreach (var page in (source ?? Source(plan, configure)).BackfillAsync(new BackfillRange(s_from, s_from.AddHours(4), servers), CancellationToken.None))
        {
            records.AddRange(page.Records);
            faults?.AddRange(page.Faults);
            Assert.True(page.Reached is null || page.Reached >= reached, "the cursor goes forward");
            reached = page.Reached ?? reached;
        }

        Assert.Equal(s_from.AddHours(4), reached);
        Assert.Equal(0, _cluster.OpenReads);
        return records;
    }

    private static void AssertSame(List<MetricRecord> expected, List<MetricRecord> actual)
    {
        Assert.Equal(expected.Select(r => (r.ServerName, r.Timestamp, r.State)).Order(), actual.Select(r => (r.ServerName, r.Timestamp, r.State)).Order());
        Assert.Contains(expected, r => r.State == ServerState.HeavyLoad);
        var by = actual.ToDictionary(r => (r.ServerName, r.Timestamp));
        foreach (var record in expected)
        {
            var other = by[(record.ServerName, record.Timestamp)];
            foreach (var metric in MetricCatalog.All)
            {
                Assert.Equal(record.Values.Has(metric.Id), other.Values.Has(metric.Id));
                if (record.Values.Has(metric.Id))
                    Assert.Equal(record.Values.Get(metric.Id), other.Values.Get(metric.Id), 0.001);
            }
        }
    }
}
