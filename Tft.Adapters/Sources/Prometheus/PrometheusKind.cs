using System.CommandLine;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources.Http;
using Tft.Contract.Metrics;

namespace Tft.Adapters.Sources.Prometheus;

/// <summary><c>prometheus</c>: range queries, with the queries for node_exporter built in.</summary>
internal sealed class PrometheusKind : SourceKind
{
    public override string Name => "prometheus";

    public override string Summary => "Prometheus, VictoriaMetrics, Mimir, Thanos by range queries; knows node_exporter.";

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<string>("--store") { Description = "The store, for example http://localhost:9090" },
        new Option<string>("--label") { Description = "The label that names the server (instance)" },
        new Option<string>("--selector") { Description = "Further label matchers, for example job=\"node\"" },
        new Option<int>("--step") { Description = "Seconds between two values (15)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var options = OptionsBinding.Bind<PrometheusOptions>(builder.Configuration, Section);
        var queries = Queries(options);
        var store = new HttpStore(options, Section);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<IMetricSource>(p => new PrometheusSource(
            new PrometheusClient(store), options, queries, p.GetRequiredService<MappingTrace>(), p.GetRequiredService<TimeProvider>()));
    }

    /// <summary>The preset's queries, and over them the configured ones.</summary>
    internal IReadOnlyList<PrometheusQuery> Queries(PrometheusOptions options)
    {
        var texts = options.Preset == "none" ? new Dictionary<string, string>(StringComparer.Ordinal)
            : new Dictionary<string, string>(NodeExporterQueries.All(options.Label, options.Selector, options.RateRange), StringComparer.Ordinal);
        foreach (var (name, text) in options.Queries)
        {
            if (MetricCatalog.Find(name) is null)
                throw new ConfigurationException([$"{Section}:Queries:{name}: the contract has no metric of this name; it has {string.Join(", ", MetricCatalog.All.Select(m => m.Name))}"]);
            texts[name] = text;
        }

        PrometheusQuery[] queries = [.. texts.Where(t => t.Value.Length > 0).Select(t => new PrometheusQuery(MetricCatalog.Find(t.Key)!, t.Value))];
        return queries.Length > 0 ? queries : throw new ConfigurationException([$"{Section}:Queries: there is no query at all"]);
    }
}
