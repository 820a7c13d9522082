using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Values from outside: parameters and connection strings.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A parameter from configuration: <c>Parameters:NAME</c>, or the same with <c>-</c> written as <c>_</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, fallback => Configured(builder, name, fallback), secret));

    /// <summary>A parameter with a value of its own.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        RejectSecretDefault(publishValueAsDefault, secret);
        return builder.AddResource(new ParameterResource(name, _ => value, secret));
    }

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        RejectSecretDefault(publishValueAsDefault, secret);
        return builder.AddResource(new ParameterResource(name, _ => valueGetter(), secret));
    }

    /// <summary>A parameter from configuration, or else from <paramref name="value"/>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, fallback => Configured(builder, name, fallback), secret) { Default = value });

    /// <summary>An existing server: the value of <c>ConnectionStrings:NAME</c> of the AppHost.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringParameterResource(
            name,
            _ => builder.Configuration.GetConnectionString(name) ?? throw Missing(name, $"ConnectionStrings:{name}"),
            environmentVariableName));

    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        return builder;
    }

    /// <summary>A secret that is generated unless configuration sets it; it is no resource of its own in the model.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true) =>
        new(name, fallback => Configured(builder, name, fallback), secret: true) { Default = new GenerateParameterDefault { Special = special } };

    private static string Configured(IDistributedApplicationBuilder builder, string name, ParameterDefault? fallback) =>
        builder.Configuration[$"Parameters:{name}"]
        ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"]
        ?? fallback?.GetDefaultValue()
        ?? throw Missing(name, $"Parameters:{name}");

    private static MissingParameterValueException Missing(string name, string key) => new(
        $"The parameter '{name}' has no value: set the configuration key '{key}' (environment variable "
        + $"{key.Replace(":", "__", StringComparison.Ordinal).Replace('-', '_')}).");

    private static void RejectSecretDefault(bool publishValueAsDefault, bool secret)
    {
        if (publishValueAsDefault && secret)
            throw new ArgumentException("A secret cannot be published as a default value.", nameof(publishValueAsDefault));
    }
}
