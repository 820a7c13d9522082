namespace Tft.Adapters.Sources.Host;

/// <summary>Section <c>Tft:Sources:host</c>.</summary>
internal sealed class HostSourceOptions
{
    public const string UsualProc = "/proc";

    /// <summary>How this host is called in the fleet.</summary>
    public string ServerName { get; set; } = Environment.MachineName;

    /// <summary>Where the kernel's files are; in a container often a mount of the host's, such as /host/proc.</summary>
    public string Proc { get; set; } = UsualProc;

    /// <summary>The file system whose use is reported.</summary>
    public string Disk { get; set; } = "/";
}
