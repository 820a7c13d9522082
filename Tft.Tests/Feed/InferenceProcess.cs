using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Feed;

/// <summary>Tft.Inference as a process of its own over a data folder; kill it and start another one over the same.</summary>
internal sealed class InferenceProcess : IDisposable
{
    public const string Key = "key-of-the-test";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private InferenceProcess(Process process, int port)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.Timeout };
        Client.DefaultRequestHeaders.Add("X-API-Key", Key);
    }

    public HttpClient Client { get; }

    public string Output => string.Join('\n', _lines);

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it and waits until it is healthy.</summary>
    public static async Task<InferenceProcess> StartAsync(TempFolder folder, params (string Name, string Value)[] settings)
    {
        var process = Launch(folder, settings);
        await Eventually.True(
            async () =>
            {
                Assert.False(process._process.HasExited, process.Output);
                try
                {
                    using var answer = await process.Client.GetAsync("/health");
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "inference is healthy");
        return process;
    }

    public static InferenceProcess Launch(TempFolder folder, params (string Name, string Value)[] settings)
    {
        var port = Ports.Free();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Tft.Inference.dll"), $"--urls=http://127.0.0.1:{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        start.Environment["Tft__ApiKey"] = Key;
        start.Environment["Tft__DataDirectory"] = folder.Path;
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var inference = new InferenceProcess(process, port);
        process.OutputDataReceived += (_, e) => inference.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => inference.Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return inference;
    }

    public Task<HttpResponseMessage> FeedAsync(string body, string path = "/feed") => Client.PostAsync(path, Json(body));

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit((int)Eventually.Timeout.TotalMilliseconds);
    }

    public Task ExitAsync() => _process.WaitForExitAsync().DefaultTimeout();

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit((int)Eventually.Timeout.TotalMilliseconds);
        _process.Dispose();
    }

    private static StringContent Json(string body) => new(body, MediaTypeHeaderValue.Parse("application/json"));

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
