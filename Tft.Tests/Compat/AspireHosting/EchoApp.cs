using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>Where the program of Apps/EchoApp is: what the build generates for a project reference of an AppHost.</summary>
public sealed class EchoApp : IBuiltProjectMetadata
{
    public string ProjectPath => TestPaths.InRoot("Tft.Tests", "Apps", "EchoApp", "EchoApp.csproj");

    // .../bin/Tft.Tests/debug -> .../bin/EchoApp/debug
    public string AssemblyPath
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(own.Parent!.Parent!.FullName, "EchoApp", own.Name, "EchoApp.dll");
        }
    }
}

internal static class TestResources
{
    /// <summary>A script of /bin/sh.</summary>
    public static IResourceBuilder<ExecutableResource> AddScript(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", "/", "-c", script);

    /// <summary>A script that says it started and goes on until it is told to stop.</summary>
    public static IResourceBuilder<ExecutableResource> AddSleeper(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddScript(name, "echo started; exec sleep 300");

    public static IResourceBuilder<ProjectResource> AddEchoApp(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<EchoApp>(name).WithHttpHealthCheck("/health");
}
