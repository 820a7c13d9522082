using Tft.Adapters.Sources.Elasticsearch;
using Tft.Adapters.Sources.Files;
using Tft.Adapters.Sources.Host;
using Tft.Adapters.Sources.InfluxDb;
using Tft.Adapters.Sources.MongoDb;
using Tft.Adapters.Sources.PostgreSql;
using Tft.Adapters.Sources.Prometheus;
using Tft.Adapters.Sources.Simulator;

namespace Tft.Adapters.Hosting;

/// <summary>Every kind of source there is; a new one is a line here.</summary>
internal static class SourceKinds
{
    public static IReadOnlyList<SourceKind> All { get; } =
    [
        new ElasticKind(),
        new FilesKind(),
        new HostKind(),
        new InfluxKind(),
        new MongoKind(),
        new PostgresKind(),
        new PrometheusKind(),
        new SimulatorKind(),
    ];
}
