using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Tft.Adapters.Hosting;
using Tft.Adapters.Loop;
using Tft.Adapters.Simulation;
using Tft.Adapters.Simulation.Incidents;
using Tft.ServiceDefaults.Keys;

namespace Tft.Adapters.Sources.Simulator;

/// <summary><c>simulator</c>: a fleet that does not exist, with everything that goes wrong in one that does.</summary>
internal sealed class SimulatorKind : SourceKind
{
    public override string Name => "simulator";

    public override string Summary => "A simulated fleet: daily and weekly shapes, incidents with their first signs, scenarios that can be switched.";

    public override IReadOnlyList<Option> Options { get; } =
    [
        new Option<int>("--servers") { Description = "Servers of the fleet (20)" },
        new Option<long>("--seed") { Description = "The same seed gives the same fleet (42)" },
        new Option<Scenario>("--scenario") { Description = "healthy, degrading, critical or cascade (healthy)" },
        new Option<int>("--sample-seconds") { Description = "Seconds between two samples of a server (5)" },
        new Option<double>("--speed") { Description = "Begin in the past and run this many times as fast until it has caught up (1: live)" },
        new Option<double>("--start-hours-ago") { Description = "Where a faster run begins (25)" },
    ];

    public override void Add(WebApplicationBuilder builder, AdapterOptions adapter)
    {
        var options = OptionsBinding.Bind<SimulatorOptions>(builder.Configuration, Section);
        var zone = FleetZone.Of(builder.Configuration);
        var scenarios = Path.Combine(DataFolder.Find(builder.Configuration), $"{adapter.Name}.scenario.json");
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new SimulatedFleet(new SimulatedFleetOptions
        {
            Seed = options.Seed,
            Servers = options.Servers,
            Scenario = options.Scenario,
            Zone = zone,
        }));
        builder.Services.AddSingleton(p => new SimulationClock(options.Speed, TimeSpan.FromHours(options.StartHoursAgo), p.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(p => new ScenarioSwitch(p.GetRequiredService<SimulatedFleet>(), p.GetRequiredService<SimulationClock>(), scenarios));
        builder.Services.AddSingleton<IMetricSource>(p =>
        {
            // The kept scenarios are part of the fleet before its first sample is taken.
            p.GetRequiredService<ScenarioSwitch>();
            return new SimulatorSource(p.GetRequiredService<SimulatedFleet>(), options, p.GetRequiredService<SimulationClock>());
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ScenarioJson.Default));
    }

    /// <summary>GET /scenario tells, POST /scenario {"scenario":"cascade"} switches; both with the key.</summary>
    public override void Map(WebApplication app)
    {
        var scenario = app.MapGroup("/scenario").AddEndpointFilter(static async (context, next) =>
            HasKey(context.HttpContext) ? await next(context) : Results.Problem(
                statusCode: StatusCodes.Status401Unauthorized, title: "An API key is needed", detail: "Send it in the header X-API-Key.",
                type: "urn:tft:problem:no_key", extensions: new Dictionary<string, object?> { ["code"] = "no_key" }));
        scenario.MapGet("", static (ScenarioSwitch scenarios) => scenarios.Current);
        scenario.MapPost("", static (ScenarioRequest request, ScenarioSwitch scenarios) => scenarios.Switch(request.Scenario));
    }

    private static bool HasKey(HttpContext context)
    {
        var key = context.RequestServices.GetRequiredService<ApiKeyLocator>().Find();
        return key is not null && context.Request.Headers["X-API-Key"] is [{ } given]
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key.Value));
    }
}
