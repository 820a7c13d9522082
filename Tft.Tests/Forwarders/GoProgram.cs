using System.Diagnostics;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forwarders;

/// <summary>forward.go, built once for all tests: a first build of Go's own library takes longer than a test may.</summary>
internal static class GoProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private static readonly Lazy<string> s_path = new(Build);

    /// <summary>The program; skips without Go.</summary>
    public static string Path
    {
        get
        {
            SkipUnless.Program("go");
            return s_path.Value;
        }
    }

    private static string Build()
    {
        // Beside the tests, where the next build finds it: a temporary folder would have to outlive every test.
        var program = System.IO.Path.Combine(AppContext.BaseDirectory, "forward-go");
        var start = new ProcessStartInfo(SkipUnless.Program("go"), ["build", "-o", program, TestPaths.InRoot("docs", "integration", "forward.go")]) { RedirectStandardError = true };
        start.Environment["GO111MODULE"] = "off";
        using var build = Process.Start(start)!;
        var said = build.StandardError.ReadToEndAsync();
        if (!build.WaitForExit(s_limit))
        {
            build.Kill(entireProcessTree: true);
            throw new TimeoutException($"go build took more than {s_limit}.");
        }

        Assert.True(build.ExitCode == 0, said.GetAwaiter().GetResult());
        return program;
    }
}
