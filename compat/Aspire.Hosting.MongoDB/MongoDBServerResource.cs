namespace Aspire.Hosting.ApplicationModel;

/// <summary>A MongoDB server. Aspire's container has a user and a password; a local mongod has neither.</summary>
public class MongoDBServerResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    public EndpointReference PrimaryEndpoint => new(this, EndpointName);

    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    public ReferenceExpression ConnectionStringExpression => UriOf("");

    public ReferenceExpression UriExpression => UriOf("");

    /// <summary>Name of the resource to name of the database.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => Properties("");

    internal void AddDatabase(string name, string databaseName) => _databases.TryAdd(name, databaseName);

    internal ReferenceExpression UriOf(string database) => ReferenceExpression.Create($"mongodb://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}/{database}");

    internal IEnumerable<KeyValuePair<string, ReferenceExpression>> Properties(string database) =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Uri", UriOf(database)),
    ];
}
