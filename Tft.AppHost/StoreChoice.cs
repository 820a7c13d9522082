using Microsoft.Extensions.Configuration;

namespace Tft.AppHost;

/// <summary>The server that a source reads, where the AppHost knows of one.</summary>
/// <param name="Connection">What the source's adapter refers to; null = its own settings say where the server is.</param>
/// <param name="Gate">The server that the adapter waits for; null where it is not ours to start.</param>
internal sealed record StoreChoice(IResourceBuilder<IResourceWithConnectionString>? Connection, IResourceBuilder<IResource>? Gate)
{
    public static readonly StoreChoice None = new(null, null);
}

internal static class StoreChoiceExtensions
{
    /// <summary>
    /// For MongoDB and Elasticsearch what <c>Tft:MongoDb</c> and <c>Tft:Elasticsearch</c> say: none, container, local, a connection string, or
    /// auto. For every source: auto is a configured connection string (<c>ConnectionStrings:SOURCE</c>), and for a demonstration without one a server.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The setting can't be done on this machine; says what to set instead.</exception>
    public static StoreChoice AddStoreChoice(this IDistributedApplicationBuilder builder, string source, AppHostSettings settings)
    {
        var server = StoreServer.Find(source);
        var setting = server is null ? "auto" : builder.Configuration[server.Setting] is { Length: > 0 } given ? given.Trim() : "auto";
        var (kind, reason) = Decide(
            server,
            setting,
            builder.Configuration.GetConnectionString(source),
            needsServer: settings.Demo.Contains(source) && !HasOwnAddress(builder.Configuration, source),
            // what is published runs where there are containers
            builder.ExecutionContext.IsPublishMode ? () => new StoreMachine(true, true, false) : () => StoreMachine.Probe(server!));
        if (kind != StoreKind.None)
            Console.WriteLine($"{server?.Title ?? source}: {kind} ({reason})");
        return kind switch
        {
            StoreKind.None => StoreChoice.None,
            StoreKind.External => new StoreChoice(External(builder, source, setting), Gate: null),
            _ => server!.Add(builder),
        };
    }

    /// <summary>The adapter gets the connection string under its source's name, and starts when the server answers.</summary>
    public static IResourceBuilder<ProjectResource> WithStore(this IResourceBuilder<ProjectResource> resource, string source, StoreChoice store)
    {
        if (store.Connection is not null)
            resource.WithReference(store.Connection, source);
        if (store.Gate is not null)
            resource.WaitFor(store.Gate);
        return resource;
    }

    /// <summary>The choice and why, for the log.</summary>
    internal static (StoreKind Kind, string Reason) Decide(StoreServer? server, string setting, string? connectionString, bool needsServer, Func<StoreMachine> probe)
    {
        switch (setting.ToLowerInvariant())
        {
            case "none":
                return (StoreKind.None, $"{server!.Setting} is none");
            case "container":
                return probe().CanStart ? (StoreKind.Server, $"{server!.Setting} is container") : throw Impossible(server!, $"{server!.Setting} is container");
            case "local":
                var machine = probe();
                return machine.StartsPrograms ? machine.HasProgram ? (StoreKind.Server, $"{server!.Setting} is local") : throw Impossible(server!, $"{server!.Setting} is local")
                    : throw new DistributedApplicationException($"{server!.Setting} is local, which only the portable package set does. Set {server.Setting}=container, or a connection string.");
            case "auto":
                break;
            case var text when text.Contains("://", StringComparison.Ordinal):
                return (StoreKind.External, $"{server!.Setting} is a connection string");
            default:
                throw new DistributedApplicationException(
                    $"{server!.Setting}: '{setting}' is neither auto, container, local, none nor a connection string such as {server.Example}.");
        }

        if (!string.IsNullOrWhiteSpace(connectionString))
            return (StoreKind.External, "its connection string is configured");
        if (server is null || !needsServer)
            return (StoreKind.None, "the source's own settings say where it is");
        return probe() switch
        {
            { RunsContainers: true } => (StoreKind.Server, "a demonstration needs one, and a container runtime answers"),
            { StartsPrograms: true, HasProgram: true } => (StoreKind.Server, $"a demonstration needs one, and there is a {server.Program} on PATH"),
            _ => throw Impossible(server, $"Tft:Demo is {server.Source}"),
        };
    }

    private static bool HasOwnAddress(ConfigurationManager configuration, string source)
    {
        var section = configuration.GetSection($"Tft:Sources:{source}");
        return StoreServer.AddressSettings.Any(setting => section.GetSection(setting).Exists());
    }

    private static IResourceBuilder<IResourceWithConnectionString> External(IDistributedApplicationBuilder builder, string source, string setting) =>
        setting.Equals("auto", StringComparison.OrdinalIgnoreCase)
            ? builder.AddConnectionString(source)
            : builder.AddConnectionString(source, ReferenceExpression.Create($"{builder.AddParameter($"{source}-connection", setting, secret: true)}"));

    private static DistributedApplicationException Impossible(StoreServer server, string why) => new(
        $"{why}, but this machine can start no {server.Title}: no container runtime that this package set can use, and no {server.Program} on PATH. "
        + $"Set {server.Setting} or ConnectionStrings:{server.Source} to an existing server ({server.Example}).");
}

internal enum StoreKind
{
    None,
    Server,
    External,
}
