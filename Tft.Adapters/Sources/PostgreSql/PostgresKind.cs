using System.CommandLine;
using Npgsql;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;

namespace Tft.Adapters.Sources.PostgreSql;

/// <summary><c>postgresql</c>: PostgreSQL and TimescaleDB.</summary>
internal sealed class PostgresKind : SourceKind
{
    public override string Name => "postgresql";

    public override string Summary => "PostgreSQL and TimescaleDB: rows of a table, a view or a query.";

    public override IReadOnlyList<string> FileSections => ["timescaledb"];

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<string>("--connection") { Description = "Npgsql connection string; better in a config file or ConnectionStrings__postgresql, where nobody sees the password" },
        new Option<string>("--table") { Description = "Table or view (metrics)" },
        new Option<string>("--query") { Description = "Instead of a table: a SELECT" },
        new Option<string>("--time-column") { Description = "The rows' time (timestamp)" },
        new Option<string>("--preset") { Description = $"Mapping without configuration: {string.Join(", ", MappingPresets.Names)} (tft)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var section = builder.Configuration.GetSection(Section);
        var plan = MappingPlan.Read(section.GetSection("Mapping"), section["Preset"] ?? "tft");
        var options = OptionsBinding.Bind<PostgresOptions>(builder.Configuration, Section, "Mapping", "Preset");
        var database = Open(options.Connection.Length > 0 ? options.Connection : builder.Configuration.GetConnectionString(Name) ?? "", Section);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton<IMetricSource>(p => new PostgresSource(
            database, options, new RecordMapper(plan, p.GetRequiredService<MappingTrace>()), p.GetRequiredService<TimeProvider>()));
    }

    /// <summary>A pool whose sessions can't write, unless they are to.</summary>
    internal static NpgsqlDataSource Open(string connection, string section, bool isReadOnly = true)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "tft-adapter", MaxPoolSize = 2 };
            if (string.IsNullOrEmpty(settings.Host))
                throw new ConfigurationException([$"{section}:Connection (or ConnectionStrings:postgresql) must name a Host: Host=...;Database=...;Username=...;Password=..."]);
            settings.Options = $"{settings.Options} -c default_transaction_read_only={(isReadOnly ? "on" : "off")} -c timezone=UTC".TrimStart();
            return NpgsqlDataSource.Create(settings);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException([$"{section}:Connection: {e.Message}; it is Npgsql's: Host=...;Database=...;Username=...;Password=..."]);
        }
    }
}
