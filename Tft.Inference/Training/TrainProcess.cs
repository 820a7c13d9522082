using System.Diagnostics;
using System.Globalization;
using Tft.Inference.Commands.Train;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Training;

/// <summary>
/// The command <c>train</c> as a process of its own: whatever happens to it, the service serves on. It has a low priority, ends when the service does (its standard
/// input closes), and is told no key.
/// </summary>
internal sealed class TrainProcess : IDisposable
{
    private const int Niceness = 10;
    private static readonly string[] s_notInherited = ["Tft__", "TFT_", "ConnectionStrings", "OTEL_", "services__"];
    private readonly Process _process;
    private volatile string _lastError = "";

    private TrainProcess(Process process) => _process = process;

    /// <summary>The last line of its standard error.</summary>
    public string LastError => _lastError;

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Of <c>train</c>.</param>
    /// <param name="line">Receives each line of its standard output.</param>
    public static TrainProcess Start(IEnumerable<string> arguments, Action<string> line)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] command = [.. Nice(), .. Program(), "train", .. arguments, TrainOptions.StopWithInputName];
        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        // it reads files and nothing else: no setting of the service, so no key and no password of a store either
        foreach (var name in start.Environment.Keys.Where(k => s_notInherited.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToArray())
            start.Environment.Remove(name);

        var process = Process.Start(start) ?? throw new InvalidOperationException("train did not start");
        var started = new TrainProcess(process);
        process.OutputDataReceived += (_, e) => line(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => started._lastError = e.Data is { Length: > 0 } text ? text : started._lastError;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (OperatingSystem.IsWindows())
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        return started;
    }

    /// <summary>Waits for its end and for its last line; ends it where the wait is cancelled.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        try
        {
            await _process.WaitForExitAsync(cancellation);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    public void Dispose() => _process.Dispose();

    private static string[] Nice() => OperatingSystem.IsWindows() || ProgramPath.Find("nice") is not { } nice ? [] : [nice, "-n", Niceness.ToString(CultureInfo.InvariantCulture)];

    /// <summary>This program again: its own executable, or the host that runs its assembly.</summary>
    private static string[] Program()
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Tft.Inference.dll");
        return Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "Tft.Inference" ? [path]
            : [Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", assembly];
    }
}
