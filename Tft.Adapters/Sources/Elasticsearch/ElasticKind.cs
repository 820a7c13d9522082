using System.CommandLine;
using System.Text.Json;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.Elasticsearch;

/// <summary><c>elasticsearch</c>: Elasticsearch and OpenSearch; knows Metricbeat's documents.</summary>
internal sealed class ElasticKind : SourceKind
{
    public override string Name => "elasticsearch";

    public override string Summary => "Elasticsearch and OpenSearch: indices, patterns, data streams; knows Metricbeat's documents.";

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<string>("--store") { Description = "The cluster (http://localhost:9200, or the connection string 'elasticsearch')" },
        new Option<string>("--index-pattern") { Description = "Indices or data streams (metricbeat-*)" },
        new Option<string>("--time-field") { Description = "The documents' time (@timestamp)" },
        new Option<string>("--preset") { Description = $"Mapping without configuration: {string.Join(", ", MappingPresets.Names)} (metricbeat)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var section = builder.Configuration.GetSection(Section);
        var plan = MappingPlan.Read(section.GetSection("Mapping"), section["Preset"] ?? "metricbeat");
        var options = OptionsBinding.Bind<ElasticOptions>(builder.Configuration, Section, "Mapping", "Preset");
        if (section["Url"] is null && options.Hosts.Length == 0 && builder.Configuration.GetConnectionString(Name) is { Length: > 0 } connection)
            Connect(options, connection);
        CheckFilter(options.Filter);
        var client = new ElasticClient(ElasticTransport.Of(options, Section), options);
        builder.Services.AddSingleton(client);
        builder.Services.AddSingleton<IMetricSource>(p => new ElasticSource(
            client, options, new RecordMapper(plan, p.GetRequiredService<MappingTrace>()), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<ElasticSource>>()));
    }

    /// <summary>http://elastic:password@host:9200, as an AppHost gives it.</summary>
    internal static void Connect(ElasticOptions options, string connection)
    {
        if (!Uri.TryCreate(connection, UriKind.Absolute, out var uri))
            throw new ConfigurationException(["ConnectionStrings:elasticsearch is no URL"]);
        var user = uri.UserInfo.Split(':', 2);
        options.Url = new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString();
        if (user is [var name, var password])
            (options.Username, options.Password) = (Uri.UnescapeDataString(name), Uri.UnescapeDataString(password));
    }

    private void CheckFilter(string filter)
    {
        if (filter.Length == 0)
            return;
        try
        {
            using var parsed = JsonDocument.Parse(filter);
        }
        catch (JsonException e)
        {
            throw new ConfigurationException([$"{Section}:Filter is not a JSON query: {e.Message}"]);
        }
    }
}
