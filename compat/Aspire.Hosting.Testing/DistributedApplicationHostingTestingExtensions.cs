using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

/// <summary>How a test reaches the resources of a started application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client with the resource's advertised address as its base.</summary>
    /// <exception cref="InvalidOperationException">The application is not started, or there is no such endpoint.</exception>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var address = app.GetEndpoint(resourceName, endpointName);
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = address;
        return client;
    }

    /// <param name="app">A started application.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">Null = <c>http</c>, or else <c>https</c>.</param>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var resource = Started(app).Find(resourceName) as IResourceWithEndpoints
            ?? throw new InvalidOperationException($"Resource '{resourceName}' has no endpoints.");
        string[] names = endpointName is null ? ["http", "https"] : [endpointName];
        var endpoint = names.Select(name => new EndpointReference(resource, name)).FirstOrDefault(candidate => candidate.Exists)
            ?? throw new ArgumentException($"Resource '{resourceName}' has no endpoint named {string.Join(" or ", names)}.", nameof(endpointName));
        return new Uri(endpoint.Url);
    }

    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Started(app).Find(resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"Resource '{resourceName}' has no connection string.", nameof(resourceName));

    private static DistributedApplicationModel Started(DistributedApplication app) =>
        app.Services.GetRequiredService<ApplicationRunner>().IsStarted
            ? app.Services.GetRequiredService<DistributedApplicationModel>()
            : throw new InvalidOperationException("The application has not started: addresses are known after StartAsync.");
}
