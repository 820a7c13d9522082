using System.CommandLine;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Mapping;
using Tft.Adapters.Sources.Http;

namespace Tft.Adapters.Sources.InfluxDb;

/// <summary><c>influxdb</c>: versions 1, 2 and 3, with Telegraf's measurements built in.</summary>
internal sealed class InfluxKind : SourceKind
{
    public override string Name => "influxdb";

    public override string Summary => "InfluxDB 1 (InfluxQL), 2 (Flux) and 3 (SQL); knows Telegraf's measurements.";

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<string>("--store") { Description = "The store, for example http://localhost:8086" },
        new Option<int>("--version-of-store") { Description = "1, 2 or 3 (2)" },
        new Option<string>("--database") { Description = "Database of version 1 or 3 (telegraf)" },
        new Option<string>("--bucket") { Description = "Bucket of version 2 (telegraf)" },
        new Option<string>("--org") { Description = "Organisation of version 2" },
        new Option<int>("--step") { Description = "Seconds between two values (10)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var section = builder.Configuration.GetSection(Section);
        var options = OptionsBinding.Bind<InfluxOptions>(builder.Configuration, Section, "Metrics");
        var fields = InfluxField.Read(section.GetSection("Metrics"));
        var store = new HttpStore(options, Section, options.Version == 2 ? "Token" : "Bearer");
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<IMetricSource>(p => new InfluxSource(
            store, Dialect(options), fields, options, p.GetRequiredService<MappingTrace>(), p.GetRequiredService<TimeProvider>()));
    }

    public static IInfluxDialect Dialect(InfluxOptions options) => options.Version switch
    {
        1 => new InfluxQl(options),
        2 => new Flux(options),
        _ => new InfluxSql(options),
    };
}
