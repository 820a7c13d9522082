using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Commands;

/// <summary>The documented commands name paths from where the person stands.</summary>
[Trait("Ring", "distributed")]
public sealed class WorkingFolderTests
{
    [Theory]
    [InlineData("Tft.Inference", "validate", "rows.csv", "1 records, 1 good")]
    [InlineData("Tft.Adapters", "simulate", "--out", "made", "--hours", "1", "--servers", "1", "made")]
    public async Task DotnetRun_ARelativePath_IsOfTheFolderWhereItWasStarted(string project, params string[] argumentsAndExpected)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("rows.csv"), $"timestamp,server_name,cpu_user_pct\n{DateTimeOffset.UtcNow.AddMinutes(-5):yyyy-MM-ddTHH:mm:ssZ},a,5\n");
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var start = new ProcessStartInfo("dotnet", ["run", "--no-build", "-c", configuration, "--project", TestPaths.InRoot(project), "--", .. argumentsAndExpected[..^1]])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Eventually.Long);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));

        await process.WaitForExitAsync(patience.Token);

        Assert.True(process.ExitCode == 0, await error);
        Assert.Contains(argumentsAndExpected[^1], await output, StringComparison.Ordinal);
    }
}
