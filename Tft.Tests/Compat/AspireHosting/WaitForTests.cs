using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>Health-gated order of start, and what happens when the one that is waited for dies.</summary>
[Trait("Ring", "component")]
public sealed class WaitForTests
{
    [Fact]
    public async Task WaitFor_HealthyLate_HoldsTheWaiterBackUntilThen()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var healthy = new TaskCompletionSource();
        builder.Services.AddHealthChecks().AddCheck("gate", () => healthy.Task.IsCompleted ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
        var first = builder.AddSleeper("first").WithHealthCheck("gate");
        builder.AddSleeper("second").WaitFor(first);
        await using var app = await builder.BuildAsync();

        var start = app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("first", KnownResourceStates.Running).DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceAsync("second", KnownResourceStates.Waiting).DefaultTimeout();
        Assert.True(app.ResourceNotifications.TryGetCurrentState("first", out var unhealthy));
        Assert.Equal(HealthStatus.Unhealthy, unhealthy.Snapshot.HealthStatus);
        Assert.False(start.IsCompleted, "StartAsync returns when all gates have opened");

        healthy.SetResult();
        await start.DefaultTimeout();
        var second = await app.ResourceNotifications.WaitForResourceHealthyAsync("second").DefaultTimeout();

        Assert.True(app.ResourceNotifications.TryGetCurrentState("first", out var running));
        Assert.True(second.Snapshot.StartTimeStamp >= running.Snapshot.StartTimeStamp);
        Assert.Contains("Waiting for resource 'first' to become healthy.", await app.LinesOf("second", until: line => line == "started"));
    }

    [Fact]
    public async Task WaitFor_DependencyDiesAfterRunningBeforeHealthy_FailsFastWithItsLastLines()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var model = builder.AddScript("loader", "echo loading; echo 'the model is missing' >&2; sleep 0.3; exit 3").WithHealthCheck("never");
        builder.AddSleeper("waiter").WaitFor(model);
        await using var app = await builder.BuildAsync();

        await app.StartAsync().DefaultTimeout();
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("waiter").DefaultTimeout());

        Assert.Contains("FailedToStart", e.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", e.Message, StringComparison.Ordinal);
        Assert.Contains("the model is missing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_DependencyCannotStart_FailsTheWholeChain()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var first = builder.AddExecutable("first", "no-such-program-anywhere", "/");
        var second = builder.AddSleeper("second").WaitFor(first);
        builder.AddSleeper("third").WaitFor(second);
        await using var app = await builder.BuildAsync();

        await app.StartAsync().DefaultTimeout();
        var e = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("third").DefaultTimeout());

        Assert.Contains("no-such-program-anywhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_ToldToWaitOnUnavailable_StartsAfterTheDependencyIsStartedAgain()
    {
        using var folder = new TempFolder();
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var first = builder.AddScript("first", $"if [ -e {folder.File("second-time")} ]; then exec sleep 300; fi; touch {folder.File("second-time")}; sleep 0.2; exit 1");
        builder.Services.AddHealthChecks().AddCheck("second-time", () => File.Exists(folder.File("healthy")) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        first.WithHealthCheck("second-time");
        builder.AddSleeper("second").WaitFor(first, WaitBehavior.WaitOnResourceUnavailable);
        await using var app = await builder.BuildAsync();

        var start = app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("first", KnownResourceStates.Finished).DefaultTimeout();
        Assert.True(app.ResourceNotifications.TryGetCurrentState("second", out var waiting));
        Assert.Equal(KnownResourceStates.Waiting, waiting.Snapshot.State!.Text);
        await File.WriteAllTextAsync(folder.File("healthy"), "");
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("first", KnownResourceCommands.StartCommand).DefaultTimeout()).Success);

        await start.DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("second").DefaultTimeout();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task WaitForCompletion_ExitCode_Decides(int exitCode, bool starts)
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var job = builder.AddScript("job", $"exit {exitCode}");
        builder.AddSleeper("after").WaitForCompletion(job);
        await using var app = await builder.BuildAsync();

        await app.StartAsync().DefaultTimeout();
        var state = await app.ResourceNotifications.WaitForResourceAsync("after", [KnownResourceStates.Running, KnownResourceStates.FailedToStart]).DefaultTimeout();

        Assert.Equal(starts ? KnownResourceStates.Running : KnownResourceStates.FailedToStart, state);
    }

    [Fact]
    public async Task WaitFor_ConnectionStringWithItsOwnWait_WaitsForTheServer()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var server = builder.AddSleeper("server").WithHealthCheck("never");
        var connection = builder.AddConnectionString("data", ReferenceExpression.Create($"server")).WaitFor(server);
        builder.AddSleeper("consumer").WaitFor(connection);
        await using var app = await builder.BuildAsync();

        var start = app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("server", KnownResourceStates.Running).DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceAsync("consumer", KnownResourceStates.Waiting).DefaultTimeout();

        Assert.False(start.IsCompleted);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("data", out var state));
        Assert.Equal(KnownResourceStates.Waiting, state.Snapshot.State!.Text);
    }

    [Fact]
    public async Task WaitForResource_UnknownName_ThrowsAtOnce()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddSleeper("one");
        await using var app = await builder.BuildAsync();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("two").DefaultTimeout());

        Assert.Contains("'one'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForResource_Cancelled_SaysInWhichStateItWas()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy("because"));
        builder.AddSleeper("one").WithHealthCheck("never");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceAsync("one", change => !change.Snapshot.HealthReports.IsEmpty && change.Snapshot.HealthReports[0].Status is not null).DefaultTimeout();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("one", soon.Token).DefaultTimeout());

        Assert.Contains("Running", e.Message, StringComparison.Ordinal);
        Assert.Contains("because", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StoppedWhileAResourceStillWaits_IsNoFailure()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy("because"));
        var first = builder.AddSleeper("first").WithHealthCheck("never");
        builder.AddSleeper("second").WaitFor(first);
        await using var app = await builder.BuildAsync();
        var start = app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("second", KnownResourceStates.Waiting).DefaultTimeout();

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await start.DefaultTimeout();
        await app.StopAsync().DefaultTimeout();

        Assert.True(app.ResourceNotifications.TryGetCurrentState("first", out var stopped));
        Assert.Equal(KnownResourceStates.Finished, stopped.Snapshot.State?.Text);
    }
}
