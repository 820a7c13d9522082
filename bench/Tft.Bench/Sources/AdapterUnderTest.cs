using System.Diagnostics;
using System.Globalization;
using Tft.Bench.Reporting;

namespace Tft.Bench.Sources;

/// <summary>An adapter as a process of its own, so that its processor time is its own.</summary>
internal sealed class AdapterUnderTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-bench-adapter-");
    private readonly Process _process;
    private long _records;

    /// <param name="servicePort">Where it pushes to.</param>
    /// <param name="key">Its key.</param>
    /// <param name="arguments">Command line.</param>
    /// <param name="backfillHours">0: the steady state, not the first contact.</param>
    public AdapterUnderTest(int servicePort, string key, IEnumerable<string> arguments, int backfillHours = 0)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tft.Adapters.dll"), .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
        };
        start.Environment["Tft__ApiKey"] = key;
        start.Environment["Tft__DataDirectory"] = _folder.FullName;
        start.Environment["Tft__InferenceUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{servicePort}");
        start.Environment["Tft__Adapter__Backfill"] = backfillHours.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start) ?? throw new InvalidOperationException("The adapter did not start.");
        _process.OutputDataReceived += (_, line) => Count(line.Data);
        _process.BeginOutputReadLine();
    }

    /// <summary>Acknowledged so far.</summary>
    public long Records => Interlocked.Read(ref _records);

    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Waits until it has ended by itself; returns its processor time, of which the last moments may be missing.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<double> EndAsync(CancellationToken cancellationToken)
    {
        var processor = 0.0;
        while (!_process.HasExited)
        {
            try
            {
                processor = ProcessorSeconds;
            }
            catch (InvalidOperationException)
            {
                // It ended just now.
            }

            await Poll.PauseAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode == 0 ? processor : throw new InvalidOperationException($"The adapter ended with {_process.ExitCode}.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The log says how many: <c>Forwarded N records to TFT daemon</c>.</summary>
    private void Count(string? line)
    {
        const string Before = "Forwarded ";
        var at = line?.IndexOf(Before, StringComparison.Ordinal) ?? -1;
        if (at >= 0 && int.TryParse(line![(at + Before.Length)..].Split(' ')[0], out var records))
            Interlocked.Add(ref _records, records);
        else if (line is { Length: > 0 } && (line.StartsWith("warn", StringComparison.Ordinal) || line.StartsWith("fail", StringComparison.Ordinal)))
            Console.Error.WriteLine(line);
    }
}
