namespace Tft.AppHost;

/// <summary>A server that the AppHost can start for a source.</summary>
/// <param name="Source">The source that reads it, and the name of its connection string.</param>
/// <param name="Title">For people.</param>
/// <param name="Setting">What chooses it.</param>
/// <param name="Program">The program that stands for a container in the portable package set.</param>
/// <param name="Example">A connection string.</param>
/// <param name="Add">Adds its resources.</param>
internal sealed record StoreServer(string Source, string Title, string Setting, string Program, string Example, Func<IDistributedApplicationBuilder, StoreChoice> Add)
{
    /// <summary>Settings of a source, any of which says where its server is.</summary>
    public static readonly string[] AddressSettings = ["Url", "Hosts", "Uri", "Host", "Connection"];

    private static readonly StoreServer[] s_all =
    [
        new("mongodb", "MongoDB", "Tft:MongoDb", "mongod", "mongodb://HOST:27017/DATABASE", AddMongoDb),
        new("elasticsearch", "Elasticsearch", "Tft:Elasticsearch", "elasticsearch", "http://elastic:PASSWORD@HOST:9200", AddElasticsearch),
    ];

    public static StoreServer? Find(string source) => Array.Find(s_all, server => server.Source == source);

    /// <summary>The database is named in the path of the connection string.</summary>
    private static StoreChoice AddMongoDb(IDistributedApplicationBuilder builder)
    {
        var server = builder.AddMongoDB("mongodb").WithDataVolume().WithLifetime(ContainerLifetime.Persistent);
        return new StoreChoice(server.AddDatabase("metrics"), server);
    }

    private static StoreChoice AddElasticsearch(IDistributedApplicationBuilder builder)
    {
        var server = builder.AddElasticsearch("elasticsearch").WithDataVolume().WithLifetime(ContainerLifetime.Persistent);
        return new StoreChoice(server, server);
    }
}

/// <summary>What this machine can start for a source.</summary>
/// <param name="RunsContainers">A container runtime answers, and the package set can use it.</param>
/// <param name="HasProgram">The server's program is on PATH.</param>
/// <param name="StartsPrograms">The package set starts the program in the place of a container: the portable one.</param>
internal sealed record StoreMachine(bool RunsContainers, bool HasProgram, bool StartsPrograms)
{
    public bool CanStart => RunsContainers || (StartsPrograms && HasProgram);

    public static StoreMachine Probe(StoreServer server)
    {
        var hostsContainers = Machine.CanHostContainers();
        return new StoreMachine(hostsContainers && Machine.ContainerRuntimeAnswers(), Machine.HasProgram(server.Program), !hostsContainers);
    }
}
