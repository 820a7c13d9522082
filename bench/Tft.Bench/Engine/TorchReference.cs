using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Tft.Bench.Engine;

/// <summary>The peer: PyTorch, timed by the reference's own script in a process of its own.</summary>
internal sealed class TorchReference(FileInfo script, string python)
{
    /// <summary>Windows/s for each batch size.</summary>
    /// <exception cref="InvalidOperationException">The script failed; the message holds what it said.</exception>
    public Dictionary<int, double> Run(EngineCase c, IReadOnlyList<int> batches, int threads, double seconds, bool train)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = script.DirectoryName };
        foreach (var argument in (string[])[script.FullName, "--hidden", $"{c.Hidden}", "--heads", $"{c.Heads}", "--batches", string.Join(',', batches), "--threads", $"{threads}", "--seconds", seconds.ToString(CultureInfo.InvariantCulture), .. train ? (string[])["--train"] : [], .. c.PerMetric ? (string[])["--per-metric"] : []])
        {
            start.ArgumentList.Add(argument);
        }

        // beside PyTorch's threads OpenBLAS's OpenMP build is the fair one; the script refuses the others
        const string OpenMp = "/usr/lib/x86_64-linux-gnu/openblas-openmp";
        if (Directory.Exists(OpenMp))
        {
            start.Environment["LD_LIBRARY_PATH"] = OpenMp;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var rates = new Dictionary<int, double>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            rates[json.RootElement.GetProperty("batch").GetInt32()] = json.RootElement.GetProperty("windows_per_s").GetDouble();
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? rates : throw new InvalidOperationException($"the reference failed: {errors.GetAwaiter().GetResult()}");
    }
}
