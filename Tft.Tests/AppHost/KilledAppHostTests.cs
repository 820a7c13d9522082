using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>The AppHost as `dotnet run` starts it: its table, and how it ends.</summary>
[Trait("Ring", "distributed")]
public sealed class KilledAppHostTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Kill_WithNineOrTerm_LeavesNoProcess()
    {
        RunningProcesses.SkipIfUnknown();

        foreach (var signal in (string[])["KILL", "INT"])
        {
            // random ports: another AppHost may run on this machine; and a shell that runs the tests in the background lets its children ignore Ctrl-C
            using var appHost = Process.Start(new ProcessStartInfo("env", [
                "--default-signal=INT", "dotnet", "exec", AppHostDll(), "--DcpPublisher:RandomizePorts=true", "--ASPNETCORE_URLS=http://localhost:0",
                "--Tft:ApiKey=test-key", $"--Tft:DataDirectory={_data.Path}", "--Tft:Redis=auto", "--Tft:Sources=host",
            ])
            {
                RedirectStandardOutput = true,
            })!;
            var table = await ReadTableAsync(appHost).WaitAsync(Eventually.Long);
            var started = RunningProcesses.Naming(_data.Path).Where(id => id != appHost.Id).ToList();
            Assert.Contains(table, line => line.Contains("inference", StringComparison.Ordinal) && line.Contains("Healthy", StringComparison.Ordinal));
            Assert.Contains(table, line => line.Contains("dashboard", StringComparison.Ordinal) && line.Contains("http://localhost:", StringComparison.Ordinal));
            Assert.True(started.Count >= 3, $"inference, adapter and dashboard are other processes; there are {started.Count}");

            using var kill = Process.Start("kill", [$"-{signal}", $"{appHost.Id}"]);
            await kill.WaitForExitAsync().DefaultTimeout();
            await appHost.WaitForExitAsync().DefaultTimeout();

            await Eventually.True(() => RunningProcesses.Naming(_data.Path).Count == 0, $"nothing is left after SIG{signal}");
        }
    }

    /// <summary>The lines of the table of resources, printed when all have settled.</summary>
    private static async Task<List<string>> ReadTableAsync(Process appHost)
    {
        List<string> table = [];
        while (await appHost.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("States, logs", StringComparison.Ordinal))
                break;
            table.Add(line);
        }

        return table;
    }

    private static string AppHostDll()
    {
        // .../bin/Tft.Tests/debug -> .../bin/Tft.AppHost/debug
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Tft.AppHost", own.Name, "Tft.AppHost.dll");
    }
}
