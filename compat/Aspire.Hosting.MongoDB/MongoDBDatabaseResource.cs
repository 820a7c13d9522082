namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database of a server; MongoDB makes it when something is written.</summary>
public class MongoDBDatabaseResource(string name, string databaseName, MongoDBServerResource parent)
    : Resource(name), IResourceWithParent, IResourceWithConnectionString
{
    public MongoDBServerResource Parent => parent;

    IResource IResourceWithParent.Parent => parent;

    public string DatabaseName => databaseName;

    public ReferenceExpression ConnectionStringExpression => parent.UriOf(databaseName);

    public ReferenceExpression UriExpression => ConnectionStringExpression;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [.. parent.Properties(databaseName), new("DatabaseName", ReferenceExpression.Create($"{databaseName}"))];
}
