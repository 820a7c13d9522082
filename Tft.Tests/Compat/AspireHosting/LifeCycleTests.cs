using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Compat.AspireHosting;

/// <summary>Replicas, commands, and how everything ends.</summary>
[Trait("Ring", "component")]
public sealed class LifeCycleTests
{
    [Fact]
    public async Task WithReplicas_Two_ShareOneAddressInTurn()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddEchoApp("echo").WithReplicas(2);
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();
        var instances = app.ResourceNotifications.StatesOf("echo").Select(state => state.ResourceId).ToList();
        Assert.Equal(2, instances.Count);
        Assert.All(instances, id => Assert.Matches("^echo-[a-z]{8}$", id));

        // both have to listen before their turns can be told
        await Eventually.True(async () => (await Answers()).Distinct().Count() == 2, "both replicas answer");
        var answers = await Answers();

        Assert.Equal(2, answers.Distinct().Count());
        Assert.NotEqual(answers[0], answers[1]);
        Assert.Equal(answers[0], answers[2]);

        async Task<List<string>> Answers()
        {
            List<string> processes = [];
            for (var i = 0; i < 4; i++)
            {
                // a connection of its own each time: the turn is per connection
                using var client = new HttpClient { BaseAddress = app.GetEndpoint("echo") };
                processes.Add(await client.GetStringAsync("/").DefaultTimeout());
            }

            return processes;
        }
    }

    [Fact]
    public async Task Commands_StopThenStart_NewProcessAtTheSameAddress()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddEchoApp("echo");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();
        using var client = app.CreateHttpClient("echo");
        var (address, before) = (client.BaseAddress, await client.GetStringAsync("/").DefaultTimeout());
        Assert.True(app.ResourceNotifications.TryGetCurrentState("echo", out var running));

        var stopped = await app.ResourceCommands.ExecuteCommandAsync("echo", KnownResourceCommands.StopCommand).DefaultTimeout();

        Assert.True(stopped.Success);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("echo", out var finished));
        Assert.Equal((KnownResourceStates.Finished, 0), (finished.Snapshot.State!.Text, finished.Snapshot.ExitCode));
        Assert.Null(finished.Snapshot.HealthStatus);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("echo", KnownResourceCommands.StartCommand).DefaultTimeout()).Success);
        var again = await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();

        Assert.Equal(running.ResourceId, again.ResourceId);
        Assert.Equal(address, app.GetEndpoint("echo"));
        Assert.NotEqual(before, await client.GetStringAsync("/").DefaultTimeout());
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("echo", KnownResourceCommands.StartCommand).DefaultTimeout()).Success);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("nobody", KnownResourceCommands.StopCommand).DefaultTimeout()).Success);
    }

    [Fact]
    public async Task Ended_ByItself_IsFinishedWithItsExitCodeAndNotRestarted()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddEchoApp("echo");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();
        using var client = app.CreateHttpClient("echo");

        // it may end before it answers
        await Record.ExceptionAsync(() => client.PostAsync(new Uri("/exit/7", UriKind.Relative), null).DefaultTimeout());
        var finished = await app.ResourceNotifications.WaitForResourceAsync("echo", change => change.Snapshot.State?.Text == KnownResourceStates.Finished).DefaultTimeout();

        Assert.Equal(7, finished.Snapshot.ExitCode);
        Assert.NotNull(finished.Snapshot.StopTimeStamp);
    }

    [Fact]
    public async Task StopAsync_ResourceThatIgnoresSigterm_IsKilledAfterSixSecondsWithItsChildren()
    {
        using var folder = new TempFolder();
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddScript("stubborn", $"trap '' TERM; sleep 300 & echo $! > {folder.File("child")}; echo started; while :; do wait; sleep 1; done");
        var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.LinesOf("stubborn", until: line => line == "started");
        var child = int.Parse(await File.ReadAllTextAsync(folder.File("child")));
        var watch = Stopwatch.StartNew();

        await app.StopAsync().DefaultTimeout();

        Assert.True(watch.Elapsed.TotalSeconds > 5.5, $"it had {watch.Elapsed}");
        await Eventually.True(() => !Processes.IsAlive(child), "the child is gone as well");
        await app.DisposeAsync();
    }

    [Fact]
    public async Task StopAsync_PoliteResources_EndTogetherAtOnce()
    {
        // Each ends when all have been told to: one after the other, the first would be killed for waiting.
        using var told = new TempFolder();
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddEchoApp("echo");
        for (var i = 0; i < 3; i++)
            builder.AddScript($"script-{i}", $"trap 'touch {told.Path}/{i}; until [ -e {told.Path}/0 -a -e {told.Path}/1 -a -e {told.Path}/2 ]; do sleep 0.05; done; exit 0' TERM; echo started; while :; do sleep 0.1; done");
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("echo").DefaultTimeout();
        for (var i = 0; i < 3; i++)
            await app.LinesOf($"script-{i}", until: line => line == "started");

        await app.StopAsync().DefaultTimeout();

        foreach (var name in (string[])["echo", "script-0", "script-1", "script-2"])
        {
            Assert.True(app.ResourceNotifications.TryGetCurrentState(name, out var state));
            Assert.Equal((KnownResourceStates.Finished, 0), (state.Snapshot.State!.Text, state.Snapshot.ExitCode));
        }
    }

    [Fact]
    public async Task StartAsync_FixedPortTaken_NamesThePortAndLeavesNothing()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var builder = DistributedApplicationTestingBuilder.Create("--DcpPublisher:RandomizePorts=false");
        builder.AddSleeper("first");
        builder.AddSleeper("second").WithHttpEndpoint(port: port);
        await using var app = await builder.BuildAsync();

        var e = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync().DefaultTimeout());

        Assert.Contains($"Port {port} of resource 'second'", e.Message, StringComparison.Ordinal);
        Assert.Contains("launchSettings.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_StoppedWhileResourcesStillWait_EndsQuietly()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var first = builder.AddSleeper("first").WithHealthCheck("never");
        builder.AddSleeper("second").WaitFor(first);
        await using var app = await builder.BuildAsync();
        var notifications = app.ResourceNotifications;
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();

        var run = app.RunAsync();
        await notifications.WaitForResourceAsync("second", KnownResourceStates.Waiting).DefaultTimeout();
        lifetime.StopApplication();
        await run.DefaultTimeout();

        Assert.True(notifications.TryGetCurrentState("first", out var state));
        Assert.Equal(KnownResourceStates.Finished, state.Snapshot.State!.Text);
        Assert.True(notifications.TryGetCurrentState("second", out var waiter));
        Assert.Equal(KnownResourceStates.NotStarted, waiter.Snapshot.State!.Text);
    }

    [Fact]
    public async Task GetEndpoint_BeforeStart_Throws()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddEchoApp("echo");
        await using var app = await builder.BuildAsync();

        Assert.Throws<InvalidOperationException>(() => app.GetEndpoint("echo"));
    }

    [Fact]
    public async Task WithExplicitStart_NotStartedUntilCommanded()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddSleeper("tool").WithExplicitStart();
        await using var app = await builder.BuildAsync();
        await app.StartAsync().DefaultTimeout();
        Assert.True(app.ResourceNotifications.TryGetCurrentState("tool", out var state));
        Assert.Equal(KnownResourceStates.NotStarted, state.Snapshot.State!.Text);

        await app.ResourceCommands.ExecuteCommandAsync("tool", KnownResourceCommands.StartCommand).DefaultTimeout();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("tool").DefaultTimeout();
    }
}
