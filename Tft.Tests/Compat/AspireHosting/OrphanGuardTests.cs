using System.Diagnostics;
using Aspire.Hosting.Running;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>What is left when an AppHost is killed. The guard's input ends here as it does then.</summary>
[Trait("Ring", "component")]
public sealed class OrphanGuardTests
{
    [Fact]
    public async Task Watched_HostGone_IsStoppedAndTheGuardEnds()
    {
        var guard = OrphanGuard.Start();
        using var watched = Process.Start("sleep", "300");
        using var forgotten = Process.Start("sleep", "301");
        guard.Watch(forgotten.Id);
        guard.Watch(watched.Id);
        guard.Forget(forgotten.Id);
        var guardId = guard.ProcessId!.Value;

        guard.Dispose();

        await watched.WaitForExitAsync().DefaultTimeout();
        Assert.Equal(128 + 15, watched.ExitCode);
        await Eventually.True(() => !Processes.IsAlive(guardId), "the guard ends");
        Assert.False(forgotten.HasExited);
        forgotten.Kill();
    }

    [Fact]
    public async Task Watched_IgnoresSigterm_IsKilled()
    {
        var guard = OrphanGuard.Start();
        using var stubborn = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"]) { RedirectStandardOutput = true })!;
        await stubborn.StandardOutput.ReadLineAsync().DefaultTimeout();
        guard.Watch(stubborn.Id);

        guard.Dispose();

        await stubborn.WaitForExitAsync().DefaultTimeout();
        Assert.Equal(128 + 9, stubborn.ExitCode);
    }
}
