using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>
/// A shell that outlives this process if it is killed, and then stops what it left running. It learns of our end by the
/// end of its standard input, which the system closes in every case.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Process? _guard;

    private OrphanGuard(Process? guard) => _guard = guard;

    public int? ProcessId => _guard?.Id;

    /// <summary>On Windows, and where there is no /bin/sh, there is no guard: a killed AppHost leaves its resources.</summary>
    public static OrphanGuard Start()
    {
        const string shell = "/bin/sh";
        if (OperatingSystem.IsWindows() || !File.Exists(shell))
            return new OrphanGuard(null);
        var (file, arguments) = ProcessGroups.Detached(shell, ["-c", Script(), "orphan-guard"]);
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, WorkingDirectory = "/" };
        try
        {
            return new OrphanGuard(Process.Start(start));
        }
        catch (Win32Exception)
        {
            return new OrphanGuard(null);
        }
    }

    public void Watch(int processId) => Tell($"+{processId}");

    public void Forget(int processId) => Tell($"-{processId}");

    /// <summary>Ends the guard; it stops what is still listed.</summary>
    public void Dispose()
    {
        lock (_gate)
            _guard?.StandardInput.Dispose();
        _guard?.Dispose();
    }

    private void Tell(string line)
    {
        if (_guard is null)
            return;
        lock (_gate)
        {
            try
            {
                _guard.StandardInput.Write(line + "\n");
                _guard.StandardInput.Flush();
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                // somebody ended the guard: we go on without
            }
        }
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(OrphanGuard).Assembly.GetManifestResourceStream("orphan-guard.sh")!);
        return reader.ReadToEnd();
    }
}
