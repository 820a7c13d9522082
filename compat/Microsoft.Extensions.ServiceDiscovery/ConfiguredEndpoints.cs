using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Endpoints from the configuration section <c>Services:{name}:{endpoint}</c>, a value or a list 0..n; taken in turn.
/// A change of configuration is seen by the next request.
/// </summary>
internal sealed class ConfiguredEndpoints : IDisposable
{
    private const string Default = "default";

    private readonly IConfiguration _configuration;
    private readonly ServiceDiscoveryOptions _options;
    private readonly ConcurrentDictionary<string, Rotation> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly IDisposable _reload;

    public ConfiguredEndpoints(IConfiguration configuration, IOptions<ServiceDiscoveryOptions> options)
    {
        _configuration = configuration;
        _options = options.Value;
        _reload = ChangeToken.OnChange(configuration.GetReloadToken, _known.Clear);
    }

    /// <summary>
    /// The URI to send to: scheme, host and port are the endpoint's, path and query the request's. A host that is not a
    /// configured service passes through, with the first scheme that was asked for.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request's schemes are not allowed.</exception>
    /// <exception cref="KeyNotFoundException">The service's configuration is malformed.</exception>
    public Uri Resolve(Uri request)
    {
        var rotation = _known.GetOrAdd($"{request.Scheme}://{request.Host}", _ => Find(ServiceQuery.Parse(request)));
        var target = new UriBuilder(request);
        if (rotation.Next() is { } endpoint)
        {
            target.Scheme = endpoint.Scheme;
            target.Host = endpoint.Host;
            target.Port = endpoint.IsDefaultPort ? -1 : endpoint.Port;
        }
        else if (request.Scheme.Contains('+', StringComparison.Ordinal))
        {
            target.Scheme = request.Scheme.Split('+')[0];
        }

        return target.Uri;
    }

    public void Dispose() => _reload.Dispose();

    private Rotation Find(ServiceQuery query)
    {
        var schemes = query.Schemes.Where(IsAllowed).ToArray();
        if (schemes.Length == 0)
        {
            throw new InvalidOperationException(
                $"None of the schemes {string.Join(", ", query.Schemes)} of service '{query.Service}' is allowed.");
        }

        var service = _configuration.GetSection("Services").GetSection(query.Service);
        string[] names = query.Endpoint is null ? [Default, .. schemes] : [query.Endpoint];
        var section = names.Select(service.GetSection).FirstOrDefault(s => s.Exists());
        if (section is null) return Rotation.None;

        var endpoints = Read(section, query, schemes[0]);
        var preferred = schemes.FirstOrDefault(s => endpoints.Any(e => e.Scheme == s));
        return preferred is null ? Rotation.None : new Rotation([.. endpoints.Where(e => e.Scheme == preferred)]);
    }

    private bool IsAllowed(string scheme)
        => _options.AllowAllSchemes || _options.AllowedSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase);

    private static List<Uri> Read(IConfigurationSection section, ServiceQuery query, string scheme)
    {
        if (!string.IsNullOrWhiteSpace(section.Value)) return [ReadOne(section, query, scheme)];

        var endpoints = new List<Uri>();
        foreach (var child in section.GetChildren())
        {
            if (!int.TryParse(child.Key, CultureInfo.InvariantCulture, out _))
                throw new KeyNotFoundException($"Service '{query.Service}': '{child.Path}' is not a number; endpoints are listed 0..n.");
            endpoints.Add(ReadOne(child, query, scheme));
        }

        return endpoints;
    }

    /// <summary><c>scheme://host:port</c>, or <c>host:port</c> with the scheme that the request prefers.</summary>
    private static Uri ReadOne(IConfigurationSection section, ServiceQuery query, string scheme)
    {
        var text = section.Value ?? "";
        if (!text.Contains("://", StringComparison.Ordinal)) text = $"{scheme}://{text}";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? uri
            : throw new KeyNotFoundException($"Service '{query.Service}': the value of '{section.Path}' is not an endpoint.");
    }

    private sealed class Rotation(Uri[] endpoints)
    {
        public static readonly Rotation None = new([]);

        private uint _turn = uint.MaxValue;

        public Uri? Next() => endpoints.Length == 0 ? null : endpoints[Interlocked.Increment(ref _turn) % (uint)endpoints.Length];
    }
}
