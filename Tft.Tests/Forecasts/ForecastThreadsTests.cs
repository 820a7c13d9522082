using System.Collections.Concurrent;
using Tft.Inference.Forecasts;
using Tft.Inference.Models;
using Tft.Tests.Infrastructure;

namespace Tft.Tests.Forecasts;

[Trait("Ring", "unit")]
public sealed class ForecastThreadsTests
{
    private static readonly TimeSpan s_patience = Eventually.Timeout;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task RunAsync_WithALoopInside_UsesItsOwnThreadsAndNoOthers(int workers)
    {
        using var threads = new ForecastThreads(Options(workers));
        var seen = new ConcurrentDictionary<string, bool>();
        await threads.RunAsync(
            () => Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = workers, TaskScheduler = threads }, _ => seen[Name()] = Thread.CurrentThread.IsThreadPoolThread),
            CancellationToken.None).WaitAsync(s_patience);

        Assert.All(seen, thread => Assert.StartsWith("forecast ", thread.Key, StringComparison.Ordinal));
        Assert.All(seen, thread => Assert.False(thread.Value));
        Assert.InRange(seen.Count, 1, workers);
    }

    [Fact]
    public async Task RunAsync_WorkThatThrows_FailsAndTheThreadGoesOn()
    {
        using var threads = new ForecastThreads(Options(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync(() => throw new InvalidOperationException("no"), CancellationToken.None).WaitAsync(s_patience));

        var ran = false;
        await threads.RunAsync(() => ran = true, CancellationToken.None).WaitAsync(s_patience);
        Assert.True(ran);
    }

    [Fact]
    public async Task RunAsync_WhatAwaitsIt_GoesOnElsewhere()
    {
        using var threads = new ForecastThreads(Options(1));
        using var awaited = new ManualResetEventSlim();
        var work = threads.RunAsync(() => awaited.Wait(s_patience), CancellationToken.None);
        var after = work.ContinueWith(_ => Name(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        awaited.Set();

        Assert.DoesNotContain("forecast", await after.WaitAsync(s_patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_OnOneOfTheThreads_Ends()
    {
        var threads = new ForecastThreads(Options(2));

        await threads.RunAsync(threads.Dispose, CancellationToken.None).WaitAsync(s_patience);
    }

    [Fact]
    public async Task RunAsync_WhileAllPoolThreadsWait_StillRuns()
    {
        using var threads = new ForecastThreads(Options(1));
        using var release = new ManualResetEventSlim();
        var blocked = Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => Task.Run(() => release.Wait(s_patience))).ToArray();
        var work = threads.RunAsync(() => { }, CancellationToken.None);

        Assert.True(((IAsyncResult)work).AsyncWaitHandle.WaitOne(s_patience));
        release.Set();
        await Task.WhenAll(blocked).WaitAsync(s_patience);
    }

    private static ModelOptions Options(int workers) => new(ModelOptions.None, "models", workers, TimeSpan.Zero);

    private static string Name() => Thread.CurrentThread.Name ?? "a thread without a name";
}
