using System.Collections.Concurrent;
using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Adapters;

/// <summary>Tft.Adapters as a process of its own, ended when the test ends.</summary>
internal sealed class AdapterProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private AdapterProcess(Process process) => _process = process;

    public string Output => string.Join('\n', _lines);

    public static AdapterProcess Start(TempFolder folder, string url, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Tft.Adapters.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["Tft__InferenceUrl"] = url;
        start.Environment["Tft__DataDirectory"] = folder.Path;
        start.Environment["Tft__ApiKey"] = "key-of-the-test";
        start.Environment["ASPNETCORE_URLS"] = "";
        var process = Process.Start(start)!;
        var adapter = new AdapterProcess(process);
        process.OutputDataReceived += (_, e) => adapter.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => adapter.Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return adapter;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit((int)Eventually.Timeout.TotalMilliseconds);
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().DefaultTimeout();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
