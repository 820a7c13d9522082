using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Tests.Infrastructure;

/// <summary>
/// A real redis-server on a free loopback port, with its data in a folder of its own. Use it as a class fixture, or start
/// one in a test; <see cref="Kill"/> and <see cref="StartAsync"/> play a crash and a restart with the data kept.
/// Skips the test where redis-server is not installed.
/// </summary>
public sealed class RedisServer(params string[] arguments) : IAsyncLifetime, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;

    public RedisServer()
        : this([])
    {
    }

    public int Port { get; private set; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static bool IsInstalled => ProgramPath.Find("redis-server") is not null;

    /// <summary>For signals; 0 while it does not run.</summary>
    public int ProcessId => _process?.Id ?? 0;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>A class fixture cannot skip: without redis-server it stays stopped, and <see cref="Require"/> skips.</summary>
    public Task InitializeAsync() => IsInstalled ? StartAsync() : Task.CompletedTask;

    /// <summary>Call first in each test that uses the fixture.</summary>
    public RedisServer Require()
    {
        SkipUnless.True(IsInstalled, "redis-server is not on PATH");
        return this;
    }

    /// <summary>Starts it; again on the same port, where clients look for it.</summary>
    public async Task StartAsync()
    {
        var program = SkipUnless.Program("redis-server");
        var again = Port != 0;
        for (var attempt = 1; ; attempt++)
        {
            if (Port == 0) Port = Ports.Free();
            _process = Launch(program);
            try
            {
                await Eventually.True(AnswersPing, $"redis-server answers on port {Port}");
                return;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Another process took the port between the choice and the start.
                if (!again) Port = 0;
                else await Eventually.True(() => Ports.IsFree(Port), $"port {Port} is free again");
            }
        }
    }

    /// <summary>
    /// Waits until it has handed all that it acknowledged to the operating system. While the disk is slow to flush, it keeps what should be in its file for up to two
    /// seconds in its own memory, which a crash takes.
    /// </summary>
    public Task WrittenAsync() => Eventually.True(
        async () => (await AnswerAsync("INFO persistence")).Contains("aof_buffer_length:0\r", StringComparison.Ordinal), "redis-server has written its file");

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit(Eventually.Timeout);
        _process.Dispose();
        _process = null;
    }

    public Task DisposeAsync()
    {
        Kill();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    private Process Launch(string program)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] fixedArguments =
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--save", "", "--appendonly", "yes",
            "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--daemonize", "no",
        ];
        foreach (var argument in fixedArguments.Concat(arguments)) start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start");
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> AnswersPing()
    {
        if (_process is null or { HasExited: true })
            throw new InvalidOperationException($"redis-server ended at start (port {Port})");

        try
        {
            // With a password the answer is an error: the server is up all the same; -LOADING means not yet.
            var answer = await AnswerAsync("PING");
            return answer.StartsWith('+') || answer.StartsWith("-NOAUTH", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>What it answers to an inline command, up to its closing of the connection.</summary>
    private async Task<string> AnswerAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port).DefaultTimeout();
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\nQUIT\r\n")).DefaultTimeout();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync().DefaultTimeout();
    }
}
