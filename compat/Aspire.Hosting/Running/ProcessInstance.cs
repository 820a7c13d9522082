using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>One running process: its output lines, its end, and how to stop it.</summary>
internal sealed class ProcessInstance : IDisposable
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    private readonly Process _process;
    private readonly OrphanGuard _guard;

    private ProcessInstance(Process process, OrphanGuard guard, Action<string, bool> onLine)
    {
        _process = process;
        _guard = guard;
        ProcessId = process.Id;
        Ended = WaitAsync(PumpAsync(process.StandardOutput, line => onLine(line, false)), PumpAsync(process.StandardError, line => onLine(line, true)));
    }

    public int ProcessId { get; }

    /// <summary>The exit code, once the process has ended and its output has been read.</summary>
    public Task<int> Ended { get; }

    /// <param name="spec">What to start.</param>
    /// <param name="guard">Learns of the process at once.</param>
    /// <param name="onLine">Gets each line, with true for standard error.</param>
    /// <exception cref="DistributedApplicationException">The system refused to start it.</exception>
    public static ProcessInstance Start(ProcessSpec spec, OrphanGuard guard, Action<string, bool> onLine)
    {
        var (file, arguments) = ProcessGroups.Detached(spec.FileName, spec.Arguments);
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in ProcessSpec.NotInherited)
            start.Environment.Remove(name);
        foreach (var (name, value) in spec.Variables)
            start.Environment[name] = value;

        try
        {
            var process = Process.Start(start)!;
            guard.Watch(process.Id);
            process.StandardInput.Dispose();
            return new ProcessInstance(process, guard, onLine);
        }
        catch (Win32Exception refused)
        {
            throw new DistributedApplicationException($"'{spec.FileName}' could not be started: {refused.Message}.", refused);
        }
    }

    /// <summary>SIGTERM, and after <see cref="Grace"/> SIGKILL, also to whatever the process left behind.</summary>
    public async Task StopAsync()
    {
        if (!Ended.IsCompleted)
        {
            ProcessGroups.RequestStop(ProcessId);
            using var grace = new CancellationTokenSource();
            await Task.WhenAny(_process.WaitForExitAsync(CancellationToken.None), Task.Delay(OperatingSystem.IsWindows() ? TimeSpan.Zero : Grace, grace.Token));
            await grace.CancelAsync();
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
            {
                // it ended by itself
            }
        }

        await Ended;
    }

    public void Dispose() => _process.Dispose();

    private static async Task PumpAsync(StreamReader reader, Action<string> onLine)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                onLine(line);
        }
        catch (IOException)
        {
            // the pipe broke: there is no more output
        }
    }

    private async Task<int> WaitAsync(Task output, Task errors)
    {
        await _process.WaitForExitAsync();

        // children of the process may hold its output open for ever: they go with it
        ProcessGroups.KillGroup(ProcessId);
        _guard.Forget(ProcessId);
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(2)));
        return _process.ExitCode;
    }
}
