using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.AppHost;

/// <summary>What a person sees who sets something that can't be.</summary>
[Trait("Ring", "component")]
public sealed class SettingsErrorsTests
{
    [Theory]
    [InlineData("--Tft:Sources=No Such", "Tft:Sources")]
    [InlineData("--Tft:Demo=oracle", "Tft:Demo")]
    [InlineData("--Tft:Redis=local", "Tft:Redis")]
    [InlineData("--Tft:DataDirectory=/dev/null/x", "/dev/null")]
    public async Task Main_BadSetting_IsOneLineAndExitCode1(string argument, string named)
    {
        using var data = new TempFolder();
        // Without programs on PATH there is no redis-server.
        string[] more = named == "Tft:Redis" ? [$"--Tft:DataDirectory={data.Path}"] : ["--Tft:Redis=none"];
        if (named == "/dev/null")
            more = ["--Tft:Redis=local"];
        var start = new ProcessStartInfo(Dotnet(), ["exec", typeof(Tft.AppHost.Machine).Assembly.Location, argument, "--Tft:ApiKey=k", .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = named == "/dev/null" ? Environment.GetEnvironmentVariable("PATH") : data.Path },
        };
        if (named == "/dev/null")
            SkipUnless.Program("redis-server");

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().DefaultTimeout();

        Assert.Equal(1, process.ExitCode);
        var line = Assert.Single((await error).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await output, StringComparison.Ordinal);
    }

    private static string Dotnet() => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : SkipUnless.Program("dotnet");
}
