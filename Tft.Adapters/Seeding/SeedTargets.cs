using MongoDB.Driver;
using Tft.Adapters.Hosting;
using Tft.Adapters.Seeding.Targets;
using Tft.Adapters.Sources.Elasticsearch;
using Tft.Adapters.Sources.Files;
using Tft.Adapters.Sources.Http;
using Tft.Adapters.Sources.InfluxDb;
using Tft.Adapters.Sources.MongoDb;
using Tft.Adapters.Sources.PostgreSql;
using Tft.Adapters.Sources.Prometheus;

namespace Tft.Adapters.Seeding;

/// <summary>Every store that can be filled, by the name of its source; a new one is a line here. The source's own settings say where it is.</summary>
internal static class SeedTargets
{
    private static readonly Dictionary<string, SeedTargetKind> s_all = new(StringComparer.OrdinalIgnoreCase)
    {
        ["elasticsearch"] = new("Url", "IndexPattern", 15, Elasticsearch),
        ["files"] = new("Path", null, 15, Files),
        ["influxdb"] = new("Url", "Database", 10, InfluxDb),
        ["mongodb"] = new("Uri", "Collection", 15, MongoDb),
        ["postgresql"] = new("Connection", "Table", 15, PostgreSql),
        ["prometheus"] = new("Url", null, 15, Prometheus),
    };

    public static IEnumerable<string> Names => s_all.Keys;

    public static SeedTargetKind? Find(string name) => s_all.GetValueOrDefault(name is "opensearch" ? "elasticsearch" : name);

    /// <summary>The section of the source of this name.</summary>
    public static string Section(string name) => $"Tft:Sources:{(name is "opensearch" ? "elasticsearch" : name)}";

    private static ElasticTarget Elasticsearch(IConfiguration configuration, string section, SeedPlan plan)
    {
        var options = OptionsBinding.Bind<ElasticOptions>(configuration, section, "Mapping", "Preset");
        if (configuration[$"{section}:Url"] is null && options.Hosts.Length == 0 && configuration.GetConnectionString("elasticsearch") is { Length: > 0 } connection)
            ElasticKind.Connect(options, connection);
        // The source's default is other people's data.
        var index = configuration[$"{section}:IndexPattern"] ?? ElasticTarget.DefaultIndex;
        return index.AsSpan().IndexOfAny("*,") >= 0
            ? throw new ConfigurationException([$"{section}:IndexPattern: '{index}' is more than one index; name the one to write to with --into"])
            : new ElasticTarget(new ElasticClient(ElasticTransport.Of(options, section), options), index, options.TimeField);
    }

    private static JsonLinesTarget Files(IConfiguration configuration, string section, SeedPlan plan)
    {
        var options = OptionsBinding.Bind<FilesOptions>(configuration, section, "Mapping", "Preset");
        return options.Path.AsSpan().IndexOfAny("*?") < 0 && LineParser.FormatOf(options.Path, options) == FileFormat.JsonLines
            ? new JsonLinesTarget(options.Path)
            : throw new ConfigurationException([$"{section}:Path: '{options.Path}' must be one file of JSON lines, with the extension .jsonl"]);
    }

    private static InfluxTarget InfluxDb(IConfiguration configuration, string section, SeedPlan plan)
    {
        var options = OptionsBinding.Bind<InfluxOptions>(configuration, section, "Metrics");
        return new InfluxTarget(new HttpStore(options, section, options.Version == 2 ? "Token" : "Bearer"), options, plan.EverySeconds);
    }

    private static MongoTarget MongoDb(IConfiguration configuration, string section, SeedPlan plan)
    {
        var options = OptionsBinding.Bind<MongoOptions>(configuration, section, "Mapping", "Preset");
        if (options.TimeField.Contains('.', StringComparison.Ordinal))
            throw new ConfigurationException([$"{section}:TimeField: '{options.TimeField}' is nested, and what is written here is not"]);
        var connection = MongoConnection.Of(options, section, configuration.GetConnectionString("mongodb"));
        var settings = MongoClientSettings.FromConnectionString(connection.Text);
        connection.Configure(settings);
        return new MongoTarget(new MongoClient(settings), connection.Database, options.Collection, options.TimeField.Length > 0 ? options.TimeField : "timestamp");
    }

    private static PostgresTarget PostgreSql(IConfiguration configuration, string section, SeedPlan plan)
    {
        var options = OptionsBinding.Bind<PostgresOptions>(configuration, section, "Mapping", "Preset");
        var connection = options.Connection.Length > 0 ? options.Connection : configuration.GetConnectionString("postgresql") ?? "";
        return new PostgresTarget(PostgresKind.Open(connection, section, isReadOnly: false), options.Table, options.TimeColumn);
    }

    private static PrometheusTarget Prometheus(IConfiguration configuration, string section, SeedPlan plan)
    {
        var options = OptionsBinding.Bind<PrometheusOptions>(configuration, section);
        return new PrometheusTarget(new HttpStore(options, section), options.Label, plan.Hours, plan.EverySeconds);
    }
}

/// <summary>How a store is named on the command line, and what writes to it.</summary>
/// <param name="Address">The setting that says where it is.</param>
/// <param name="Into">The setting that says what in it is written to; null: there is only one thing.</param>
/// <param name="EverySeconds">Between two samples: what the source reads by default.</param>
/// <param name="Create">From the configuration and the source's section.</param>
internal sealed record SeedTargetKind(string Address, string? Into, int EverySeconds, Func<IConfiguration, string, SeedPlan, ISeedTarget> Create);
