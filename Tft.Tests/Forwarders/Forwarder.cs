using System.Collections.Concurrent;
using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forwarders;

/// <summary>One of the programs of docs/integration as a process, with a spool of its own; ended when the test ends.</summary>
internal sealed class Forwarder : IDisposable
{
    public const string Source = "forward-test";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private Forwarder(Process process) => _process = process;

    public string Output => string.Join('\n', _lines);

    /// <summary>
    /// Starts a file of docs/integration, with records on its standard input; skips where its runtime is not on this machine.
    /// </summary>
    public static Forwarder Start(string program, TempFolder folder, string url, string[]? input, string[] arguments, params (string Name, string Value)[] settings)
    {
        var start = Command(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.WorkingDirectory = folder.Path;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["TFT_URL"] = url;
        start.Environment["TFT_API_KEY"] = Feed.FeedFixture.Key;
        start.Environment["TFT_SOURCE"] = Source;
        start.Environment["TFT_SPOOL"] = Spool(folder);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var forwarder = new Forwarder(process);
        process.OutputDataReceived += (_, e) => forwarder.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => forwarder.Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        foreach (var line in input ?? [])
            process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        return forwarder;
    }

    public static string Spool(TempFolder folder) => folder.File("spool");

    public static string[] Waiting(TempFolder folder) => Directory.Exists(Spool(folder)) ? Directory.GetFiles(Spool(folder), "*.json") : [];

    public static string[] Refused(TempFolder folder) => Directory.GetFiles(Path.Combine(Spool(folder), "refused"), "*.json");

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().DefaultTimeout();
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit((int)Eventually.Timeout.TotalMilliseconds);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static ProcessStartInfo Command(string program)
    {
        var file = TestPaths.InRoot("docs", "integration", program);
        string[] command = Path.GetExtension(program) switch
        {
            ".py" => [SkipUnless.Program("python3"), file],
            ".mjs" => [SkipUnless.Program("node"), file],
            ".sh" => [SkipUnless.Program("bash"), file],
            ".go" => [GoProgram.Path],
            ".ps1" => [SkipUnless.Program("pwsh"), "-NoProfile", "-File", file],
            ".cs" => [SkipUnless.Program("dotnet"), Built()],
            _ => throw new ArgumentOutOfRangeException(nameof(program), program, "No runtime is known for it."),
        };
        if (command[0].EndsWith("bash", StringComparison.Ordinal))
            SkipUnless.Program("curl");
        var start = new ProcessStartInfo(command[0]);
        foreach (var part in command[1..])
            start.ArgumentList.Add(part);
        return start;
    }

    // .../bin/Tft.Tests/debug -> .../bin/Forward/debug
    private static string Built()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Forward", own.Name, "Forward.dll");
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
