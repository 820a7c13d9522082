using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>Sessions and signals, which .NET does not offer.</summary>
internal static partial class ProcessGroups
{
    private const int Terminate = 15, Kill = 9;
    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : Programs.OnPath("setsid");

    /// <summary>
    /// The same command in a session of its own where that can be had: Ctrl-C at the terminal then reaches the AppHost
    /// alone, which stops its resources in order, and a resource with all its children can be killed as one group.
    /// </summary>
    public static (string FileName, IReadOnlyList<string> Arguments) Detached(string fileName, IReadOnlyList<string> arguments) =>
        SetSid is null ? (fileName, arguments) : (SetSid, [fileName, .. arguments]);

    /// <summary>SIGTERM; false where the system has no such thing.</summary>
    public static bool RequestStop(int processId) => !OperatingSystem.IsWindows() && Signal(processId, Terminate) == 0;

    /// <summary>SIGKILL to what is left of the group that the process led.</summary>
    public static void KillGroup(int processId)
    {
        if (SetSid is not null)
            _ = Signal(-processId, Kill);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
