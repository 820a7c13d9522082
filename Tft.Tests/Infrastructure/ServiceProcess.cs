using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Tft.Tests.Infrastructure;

/// <summary>
/// One of the project's programs as a process of its own on a free loopback port, in a folder of its own, with nothing
/// inherited that would decide for it. Ends with the test.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 400;

    private static readonly string[] NotInherited = ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "OTEL_", "Tft__", "TFT_", "services__", "ConnectionStrings__"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ServiceProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines of both streams.</summary>
    public string Output => string.Join('\n', _lines);

    /// <param name="assembly">Tft.Inference, Tft.Adapters, ...</param>
    /// <param name="folder">Working folder and <c>Tft:DataDirectory</c>; the caller's, so that a restart finds it.</param>
    /// <param name="settings">Environment, over what is set here.</param>
    /// <param name="arguments">Command line.</param>
    /// <param name="port">0: a free one.</param>
    public static ServiceProcess Start(
        string assembly, TempFolder folder, IEnumerable<KeyValuePair<string, string?>> settings, IEnumerable<string>? arguments = null, int port = 0)
    {
        var url = new Uri($"http://127.0.0.1:{(port == 0 ? Ports.Free() : port)}");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        foreach (var argument in arguments ?? []) start.ArgumentList.Add(argument);

        foreach (var name in start.Environment.Keys.Where(k => NotInherited.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToArray())
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_URLS"] = url.ToString();
        start.Environment["Tft__DataDirectory"] = folder.Path;
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start");
        var service = new ServiceProcess(process, url);
        process.OutputDataReceived += (_, e) => service.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => service.Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Waits for 200 of GET /health; a process that ends before says its last words in the failure.</summary>
    public async Task<ServiceProcess> HealthyAsync()
    {
        using var client = new HttpClient { BaseAddress = Url, Timeout = Eventually.Timeout };
        await Eventually.True(
            async () =>
            {
                if (_process.HasExited) throw new InvalidOperationException($"ended with {_process.ExitCode}:\n{Output}");
                try
                {
                    using var response = await client.GetAsync(new Uri("health", UriKind.Relative));
                    return response.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"{Url}health answers 200");
        return this;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit(Eventually.Timeout);
    }

    /// <summary>Waits until it ends by itself; returns the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? timeout = null)
    {
        await _process.WaitForExitAsync().WaitAsync(timeout ?? Eventually.Timeout);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync().DefaultTimeout();
        }

        await _process.WaitForExitAsync().DefaultTimeout();
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        while (_lines.Count > LinesKept) _lines.TryDequeue(out _);
    }
}
