using System.Diagnostics;
using Npgsql;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.PostgreSql;

/// <summary>A real PostgreSQL on loopback with a database of its own; as user postgres where the tests run as root, since it refuses root.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _bin;
    private readonly string _folder;
    private Process? _process;

    private PostgresServer(string bin, string folder, int port)
    {
        _bin = bin;
        _folder = folder;
        Port = port;
    }

    public static bool IsInstalled => Programs() is not null;

    public int Port { get; }

    public string Connection => ConnectionOver(Port);

    /// <summary>The same through another port, such as a proxy's.</summary>
    public static string ConnectionOver(int port) => $"Host=127.0.0.1;Port={port};Database=postgres;Username=tft;Password=not-a-secret";

    public static async Task<PostgresServer> StartAsync()
    {
        var bin = Programs();
        SkipUnless.True(bin is not null, "PostgreSQL's server programs are not installed");
        var folder = Directory.CreateTempSubdirectory("tft-pg-").FullName;
        await RunAsync("chown", "postgres", folder);
        await RunAsync(Path.Combine(bin!, "initdb"), "-D", Path.Combine(folder, "data"), "-U", "tft", "-A", "trust", "-E", "UTF8", "--no-sync");
        var server = new PostgresServer(bin!, folder, Ports.Free());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>After <see cref="StopAsync"/>, with the same data and port.</summary>
    public async Task StartAgainAsync()
    {
        _process = Start(
            Path.Combine(_bin, "postgres"), "-D", Path.Combine(_folder, "data"), "-p", Port.ToString(), "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off");
        await Eventually.True(async () =>
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, "PostgreSQL answers");
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Connection + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task StopAsync()
    {
        if (_process is null)
            return;
        // SIGINT: the fast shutdown, which lets go of its shared memory.
        using (var stop = Process.Start("kill", ["-INT", _process.Id.ToString()]))
            await stop.WaitForExitAsync();
        if (!_process.WaitForExit(10_000))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await RunAsync("rm", "-rf", _folder);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = program is "chown" or "rm" ? Process.Start(new ProcessStartInfo(program, arguments))! : Start(program, arguments);
        await process.WaitForExitAsync().DefaultTimeout();
        if (process.ExitCode != 0 && program is not ("chown" or "rm"))
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).FirstOrDefault(b => File.Exists(Path.Combine(b, "initdb"))) : null;

    private static Process Start(string program, params string[] arguments)
    {
        // setpriv becomes the program, so that the process number is the server's own.
        string[] line = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
