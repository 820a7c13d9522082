using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>Finds programs of this machine.</summary>
internal static class Programs
{
    /// <summary>The dotnet that runs this process: a resource gets the same runtime.</summary>
    public static string Dotnet { get; } = FindDotnet();

    /// <summary>The full path of a program, or null.</summary>
    /// <param name="command">The program's bare name.</param>
    /// <param name="path">Where to look: this process's PATH unless given.</param>
    public static string? OnPath(string command, string? path = null)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat", ""] : [""];
        return (path ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => endings.Select(ending => Path.Combine(directory, command + ending)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>A command with a directory in it counts from the working directory; a bare name is looked for on PATH.</summary>
    /// <exception cref="DistributedApplicationException">There is no such program, or no such directory.</exception>
    public static string Find(string command, string workingDirectory)
    {
        if (!Directory.Exists(workingDirectory))
            throw new DistributedApplicationException($"The working directory '{workingDirectory}' does not exist.");
        if (command != Path.GetFileName(command))
        {
            var path = Path.GetFullPath(command, workingDirectory);
            return File.Exists(path) ? path : throw new DistributedApplicationException($"The program '{path}' does not exist.");
        }

        return OnPath(command) ?? throw new DistributedApplicationException($"The program '{command}' was not found on PATH.");
    }

    private static string FindDotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? OnPath("dotnet") ?? name;
    }
}
