using System.Collections.Concurrent;
using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources;

/// <summary>A real store as a process on loopback, for one test or benchmark; ended with it.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private RealServer(Process process) => _process = process;

    public static async Task<RealServer> StartAsync(string program, string[] arguments, string readyUrl)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var server = new RealServer(Process.Start(start)!);
        server._process.OutputDataReceived += (_, e) => server._lines.Enqueue(e.Data ?? "");
        server._process.ErrorDataReceived += (_, e) => server._lines.Enqueue(e.Data ?? "");
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            await Eventually.True(async () =>
            {
                if (server._process.HasExited)
                    throw new InvalidOperationException($"{program} ended:\n{string.Join('\n', server._lines.TakeLast(20))}");
                try
                {
                    using var answer = await http.GetAsync(readyUrl);
                    return answer.IsSuccessStatusCode;
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    return false;
                }
            }, $"{program} is ready at {readyUrl}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().DefaultTimeout();
        }

        _process.Dispose();
    }
}
