using System.CommandLine;
using MongoDB.Bson;
using MongoDB.Driver;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.MongoDb;

/// <summary><c>mongodb</c>: documents of any shape, read only.</summary>
internal sealed class MongoKind : SourceKind
{
    public override string Name => "mongodb";

    public override string Summary => "MongoDB: documents of any shape in one collection.";

    public override IReadOnlyList<string> FileSections => ["database"];

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<string>("--uri") { Description = "Connection string (mongodb://localhost:27017); better in a config file or ConnectionStrings__mongodb, where nobody sees the password" },
        new Option<string>("--database") { Description = "Database, where the connection string names none" },
        new Option<string>("--collection") { Description = "Collection (metrics)" },
        new Option<string>("--time-field") { Description = "The documents' time (the mapping's first field that they have)" },
        new Option<string>("--preset") { Description = $"Mapping without configuration: {string.Join(", ", MappingPresets.Names)} (tft)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var section = builder.Configuration.GetSection(Section);
        var options = OptionsBinding.Bind<MongoOptions>(builder.Configuration, Section, "Mapping", "Preset");
        OptionsBinding.Bind<MongoSignIn>(builder.Configuration, $"{Section}:Auth");
        var plan = WithTimeField(MappingPlan.Read(section.GetSection("Mapping"), section["Preset"] ?? "tft"), options.TimeField);
        var connection = MongoConnection.Of(options, Section, builder.Configuration.GetConnectionString(Name));
        var query = new MongoQuery(options, Section);
        builder.AddMongoDBClient(
            Name,
            settings =>
            {
                settings.ConnectionString = connection.Text;
                // A source that can't be read makes the adapter degraded, never unhealthy.
                settings.DisableHealthChecks = true;
            },
            connection.Configure);
        builder.Services.AddSingleton<IMetricSource>(p => new MongoSource(
            p.GetRequiredService<IMongoClient>().GetDatabase(connection.Database).GetCollection<BsonDocument>(options.Collection),
            query,
            new RecordMapper(plan, p.GetRequiredService<MappingTrace>()),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<MongoSource>>()));
    }

    /// <summary>A time field that was named is where the mapping looks first.</summary>
    /// <exception cref="ConfigurationException">It is no path.</exception>
    internal static MappingPlan WithTimeField(MappingPlan plan, string field)
    {
        if (field.Length == 0)
            return plan;
        try
        {
            var rule = plan.Fields.GetValueOrDefault("timestamp", new FieldRule());
            return plan with { Fields = plan.Fields.SetItem("timestamp", rule with { Paths = [FieldPath.Parse(field), .. rule.Paths.Where(p => p.Text != field)] }) };
        }
        catch (FormatException e)
        {
            throw new ConfigurationException([$"TimeField: {e.Message}"]);
        }
    }
}
