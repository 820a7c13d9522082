using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Building;

/// <summary>What every project resource gets: the endpoints, variables and arguments of its launch profile.</summary>
internal static class ProjectDefaults
{
    public static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, LaunchProfileChoice choice)
    {
        var directory = Path.GetDirectoryName(metadata.ProjectPath)!;
        var hostProfile = builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"];
        var chosen = LaunchProfiles.Choose(LaunchProfiles.Read(directory), choice, hostProfile, name);

        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        if (chosen is { } profile)
        {
            project.WithAnnotation(new LaunchProfileAnnotation(profile.Name));
            AddEndpoints(project, profile.Profile);
            project.WithArgs(context =>
            {
                foreach (var argument in CommandLine.Split(profile.Profile.CommandLineArgs))
                    context.Args.Add(argument);
            });
        }

        return project.WithEnvironment(context => ProjectEnvironment.Fill(context, builder, chosen));
    }

    private static void AddEndpoints(IResourceBuilder<ProjectResource> project, LaunchProfile profile)
    {
        var ofScheme = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var url in (profile.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri))
                throw new DistributedApplicationException($"The launch profile of '{project.Resource.Name}' has an applicationUrl that is no URL: '{url}'.");
            var count = ofScheme[uri.Scheme] = ofScheme.GetValueOrDefault(uri.Scheme) + 1;
            project.WithAnnotation(new EndpointAnnotation(
                ProtocolType.Tcp,
                uri.Scheme,
                name: count == 1 ? uri.Scheme : $"{uri.Scheme}{count}",
                port: uri.Port == 0 ? null : uri.Port));
        }
    }
}
