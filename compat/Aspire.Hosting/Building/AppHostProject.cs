using System.Reflection;

namespace Aspire.Hosting.Building;

/// <summary>What the build wrote into the AppHost's assembly about its project.</summary>
internal static class AppHostProject
{
    private const string PathKey = "apphostprojectpath";

    /// <summary>The project's directory, where it still exists; null for an assembly that is no AppHost.</summary>
    public static string? Directory(Assembly? assembly) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => string.Equals(attribute.Key, PathKey, StringComparison.OrdinalIgnoreCase))?.Value is { } path
        && System.IO.Directory.Exists(path)
            ? path
            : null;
}
