using System.Reflection;
using Aspire.Hosting.Building;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What differs between an AppHost in a test and one at a terminal.</summary>
internal static class TestDefaults
{
    public static void Apply(DistributedApplicationOptions options, Assembly appHost)
    {
        options.AssemblyName = appHost.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        options.Args = ["--DcpPublisher:RandomizePorts=true", .. options.Args ?? []];
    }

    /// <summary>The variables of the AppHost's first launch profile, which `dotnet run` would have set.</summary>
    public static void ApplyLaunchProfile(HostApplicationBuilderSettings settings, Assembly appHost)
    {
        if (AppHostProject.Directory(appHost) is not { } directory
            || LaunchProfiles.Choose(LaunchProfiles.Read(directory), LaunchProfileChoice.Default, null, directory) is not { } profile)
        {
            return;
        }

        settings.Configuration ??= new ConfigurationManager();
        var variables = profile.Profile.EnvironmentVariables;
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in variables)
        {
            values[name] = value;
            values[WithoutPrefix(name).Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        settings.Configuration.AddInMemoryCollection(values);
        settings.EnvironmentName ??= variables.GetValueOrDefault("DOTNET_ENVIRONMENT") ?? variables.GetValueOrDefault("ASPNETCORE_ENVIRONMENT");
    }

    private static string WithoutPrefix(string name) =>
        name.StartsWith("DOTNET_", StringComparison.Ordinal) ? name["DOTNET_".Length..]
        : name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) ? name["ASPNETCORE_".Length..]
        : name;
}
