using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using Tft.ServiceDefaults.Hosting;

namespace Tft.AppHost;

/// <summary>What this machine can run.</summary>
internal sealed record Machine(bool RunsContainers, bool HasRedisServer)
{
    private static readonly string[] ContainerClients = ["docker", "podman"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Machine Probe() => new(CanHostContainers() && ContainerRuntimeAnswers(), HasProgram("redis-server"));

    /// <summary>Whether a program is on PATH.</summary>
    public static bool HasProgram(string program) => ProgramPath.Find(program) is not null;

    /// <summary>The portable package set has no Aspire to start containers with (see README.md, "Two package sets").</summary>
    public static bool CanHostContainers() => typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(attribute => attribute is { Key: "TftPackages", Value: "full" });

    /// <summary>The client alone proves nothing: only the engine behind it can start a container.</summary>
    public static bool ContainerRuntimeAnswers() => ContainerClients.Any(client => HasProgram(client) && Answers(client));

    private static bool Answers(string client)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(client, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Patience))
                return process.ExitCode == 0;
            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
