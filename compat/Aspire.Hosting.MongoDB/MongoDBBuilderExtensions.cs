using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>MongoDB as a local <c>mongod</c> process instead of a container.</summary>
public static class MongoDBBuilderExtensions
{
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and that of the connection string.</param>
    /// <param name="port">The advertised port; null = any free one.</param>
    /// <param name="userName">Not supported: a local mongod has no access control.</param>
    /// <param name="password">Not supported: a local mongod has no access control.</param>
    /// <exception cref="NotSupportedException">There is no <c>mongod</c> on PATH, or a user is asked for.</exception>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        if (userName is not null || password is not null)
            throw new NotSupportedException("AddMongoDB: the stand-in starts a local mongod without access control, so that a user name or password would mean nothing.");
        var server = new LocalServer("AddMongoDB", "mongod", builder.Configuration);
        var mongo = new MongoDBServerResource(name);
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new MongoHello(mongo.PrimaryEndpoint), failureStatus: null, tags: null));
        return builder.AddResource(mongo)
            .WithAnnotation(server)
            .WithAnnotation(server.Process)
            .WithEndpoint(port: port, name: MongoDBServerResource.EndpointName)
            .WithArgs(context =>
            {
                object[] arguments = ["--dbpath", server.PrepareDirectory(), "--bind_ip", "127.0.0.1", "--port", mongo.PrimaryEndpoint.Property(EndpointProperty.TargetPort)];
                foreach (var argument in arguments)
                    context.Args.Add(argument);
            })
            .WithHealthCheck(check);
    }

    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name, and that of the connection string.</param>
    /// <param name="databaseName">Null = as the resource.</param>
    public static IResourceBuilder<MongoDBDatabaseResource> AddDatabase(
        this IResourceBuilder<MongoDBServerResource> builder, string name, string? databaseName = null)
    {
        builder.Resource.AddDatabase(name, databaseName ?? name);
        return builder.ApplicationBuilder.AddResource(new MongoDBDatabaseResource(name, databaseName ?? name, builder.Resource));
    }

    /// <summary>Keeps the data over restarts, in <c>.tft/NAME</c> under the AppHost's directory.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithDataVolume(
        this IResourceBuilder<MongoDBServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.Resource.Annotations.OfType<LocalServer>().Single().KeepIn(builder, name, isReadOnly);
        return builder;
    }
}
