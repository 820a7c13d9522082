using System.Diagnostics;
using Tft.Bench.Reporting;
using Tft.ServiceDefaults.Hosting;
using Tft.Tests.Infrastructure;

namespace Tft.Bench.Ingest;

/// <summary>The inference service as a process of its own, with a data folder that goes with it.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tft-bench-");
    private readonly Process _process;

    private ServiceProcess(int port, IReadOnlyDictionary<string, string> settings, Action<string>? prepare)
    {
        Port = port;
        prepare?.Invoke(_folder.FullName);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tft.Inference.dll"), $"--urls=http://127.0.0.1:{port}"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
        };
        start.Environment["Tft__ApiKey"] = Key;
        start.Environment["Tft__DataDirectory"] = _folder.FullName;
        start.Environment["Tft__ModelsDirectory"] = Models;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        // what the service can do, not what one key may
        start.Environment["Tft__Feed__RecordsPerSecond"] = "0";
        start.Environment["Tft__Feed__RequestsPerSecond"] = "0";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The service did not start.");
        _process.OutputDataReceived += static (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
                Console.Error.WriteLine(text);
        };
        _process.BeginOutputReadLine();
    }

    public static string Key => "bench";

    /// <summary>The models of this checkout, of which the newest one serves.</summary>
    public static string Models { get; } = Path.Combine(
        SolutionRoot.Find(AppContext.BaseDirectory) ?? throw new InvalidOperationException("The models are found in a checkout only."), "models");

    public int Port { get; }

    /// <summary>Seconds of processor time so far.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public double ResidentGigabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e9;
        }
    }

    /// <param name="settings">Environment.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <param name="prepare">Fills its data folder before it starts.</param>
    public static async Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken, Action<string>? prepare = null)
    {
        var service = new ServiceProcess(Ports.Free(), settings, prepare);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{service.Port}") };
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                    return service;
            }
            catch (HttpRequestException) when (waited.Elapsed < s_patience && !service._process.HasExited)
            {
                // not listening yet
            }

            await Poll.PauseAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit(s_patience);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
