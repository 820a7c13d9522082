using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Sources.Distributed;

/// <content>What is done to the store, the adapter and the service.</content>
internal sealed partial class SourceRun
{
    /// <summary>Stops the store, waits until the adapter has run into it, and starts it again.</summary>
    /// <param name="meanwhile">Written by someone who does not need the store to run.</param>
    public async Task RestartSourceAsync(IReadOnlyList<Sample> meanwhile)
    {
        var before = Proxy?.Refusals;
        await Source.StopAsync();
        if (Proxy is not null)
            await Eventually.True(() => Proxy.Refusals > before, "the adapter finds the store gone");
        if (meanwhile.Count > 0)
            await AddAsync(meanwhile);
        await Source.StartAsync();
    }

    /// <summary>
    /// SIGKILL while a batch is on the wire: the service takes the batch, and the adapter never hears of it. Then the resource is started again.
    /// </summary>
    public async Task AdapterKilledInMidBatchAsync(Task killed)
    {
        await killed.WaitAsync(s_patience);
        if (Source.HasAdapter)
            await StartAgainAsync(Adapter);
    }

    /// <summary>Arms the gate; the fault comes with the batch.</summary>
    /// <param name="after">Batches before.</param>
    public Task KillAdapterInMidBatch(int after) => Gate.Next(after, async pass =>
    {
        await pass();
        if (Source.HasAdapter)
            Kill("Tft.Adapters");
    });

    /// <summary>SIGKILL to the service when a batch has come to it and before it can answer; the batch may be kept or not.</summary>
    public Task KillInferenceInMidBatch() => Gate.Next(0, async pass =>
    {
        var passing = pass();
        Kill("Tft.Inference");
        await passing.ContinueWith(_ => { }, TaskScheduler.Default);
    });

    public async Task InferenceKilledInMidBatchAsync(Task killed)
    {
        await killed.WaitAsync(s_patience);
        await StartAgainAsync("inference");
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("inference").DefaultTimeout();
    }

    private void Kill(string program)
    {
        var id = Assert.Single(RunningProcesses.Naming(_data.Path, program + ".dll"));
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    private async Task StartAgainAsync(string resource)
    {
        await _app.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.Finished).DefaultTimeout();
        Assert.True((await _app.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand).DefaultTimeout()).Success, $"{resource} is started again");
    }
}
