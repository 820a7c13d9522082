using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project lies. The build generates one class per project reference of the AppHost.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }

    bool SuppressBuild => false;
}

/// <summary>Only of this stand-in: what the build made of the project, so that it starts without a build tool.</summary>
public interface IBuiltProjectMetadata : IProjectMetadata
{
    /// <summary>The full path of the built assembly.</summary>
    string AssemblyPath { get; }
}

/// <summary>A resource that others find by service discovery.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
