using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>How one resource learns where another is.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>
    /// <c>ConnectionStrings__NAME</c>, and the parts of the connection string as <c>NAME_PART</c>.
    /// With <paramref name="optional"/> a missing value is left out instead of being an error.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithEnvironment(async context =>
        {
            string? value;
            try
            {
                value = await resource.GetConnectionStringAsync(context.CancellationToken);
            }
            catch (MissingParameterValueException) when (optional)
            {
                return;
            }

            if (string.IsNullOrEmpty(value))
            {
                if (optional)
                    return;
                throw new DistributedApplicationException($"The connection string for the resource '{resource.Name}' is not available.");
            }

            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = value;
            foreach (var (property, part) in resource.GetConnectionProperties())
                context.EnvironmentVariables[$"{VariableName(name)}_{VariableName(property)}"] = part;
        });
    }

    /// <summary><c>services__NAME__SCHEME__0</c> and <c>NAME_SCHEME</c> for each HTTP endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.IsHttp))
                AddService(context, new EndpointReference(source.Resource, endpoint.Name));
        });

    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(context => AddService(context, endpointReference));

    /// <summary>An existing service at a fixed address.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri || uri.AbsolutePath != "/")
            throw new InvalidOperationException($"The uri '{uri}' of the service reference '{name}' must be absolute and end in '/'.");
        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString());
    }

    private static void AddService(EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var service = endpoint.Resource.Name;
        var scheme = endpoint.EndpointName;
        var variables = context.EnvironmentVariables;
        var index = 0;
        while (variables.ContainsKey($"services__{service}__{scheme}__{index}"))
            index++;
        variables[$"services__{service}__{scheme}__{index}"] = endpoint;
        variables[$"{VariableName(service)}_{VariableName(scheme)}"] = endpoint;
    }

    private static string VariableName(string text) => NotAlphanumeric().Replace(text, "_").ToUpperInvariant();

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex NotAlphanumeric();
}
