namespace Aspire.Hosting.ApplicationModel;

/// <summary>An Elasticsearch server. Elastic's container has a password; a local process has none.</summary>
public class ElasticsearchResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "http";

    public EndpointReference PrimaryEndpoint => new(this, EndpointName);

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"http://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
}
