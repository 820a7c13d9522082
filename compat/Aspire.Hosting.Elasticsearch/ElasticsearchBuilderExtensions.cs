using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Elasticsearch as a local process instead of a container.</summary>
public static class ElasticsearchBuilderExtensions
{
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and that of the connection string.</param>
    /// <param name="password">Not supported: a local process has no security.</param>
    /// <param name="port">The advertised port; null = any free one.</param>
    /// <exception cref="NotSupportedException">There is no <c>elasticsearch</c> on PATH, or a password is asked for.</exception>
    public static IResourceBuilder<ElasticsearchResource> AddElasticsearch(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        if (password is not null)
            throw new NotSupportedException("AddElasticsearch: the stand-in starts a local process without security, so that a password would mean nothing.");
        var server = new LocalServer("AddElasticsearch", "elasticsearch", builder.Configuration);
        return builder.AddResource(new ElasticsearchResource(name))
            .WithAnnotation(server)
            .WithAnnotation(server.Process)
            .WithHttpEndpoint(port: port, name: ElasticsearchResource.EndpointName)
            .WithArgs(context => AddSettings(context, server))
            .WithHttpHealthCheck("/");
    }

    /// <summary>Keeps the data over restarts, in <c>.tft/NAME</c> under the AppHost's directory.</summary>
    public static IResourceBuilder<ElasticsearchResource> WithDataVolume(
        this IResourceBuilder<ElasticsearchResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.Resource.Annotations.OfType<LocalServer>().Single().KeepIn(builder, name, isReadOnly);
        return builder;
    }

    private static void AddSettings(CommandLineArgsCallbackContext context, LocalServer server)
    {
        var directory = server.PrepareDirectory();
        var port = ((ElasticsearchResource)context.Resource).PrimaryEndpoint.Property(EndpointProperty.TargetPort);
        object[] settings =
        [
            "network.host=127.0.0.1", ReferenceExpression.Create($"http.port={port}"), "discovery.type=single-node", "xpack.security.enabled=false",
            $"path.data={Path.Combine(directory, "data")}", $"path.logs={Path.Combine(directory, "logs")}",
        ];
        foreach (var setting in settings)
        {
            context.Args.Add("-E");
            context.Args.Add(setting);
        }
    }
}
