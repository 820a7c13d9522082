using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Tft.Inference.Models;

namespace Tft.Inference.Forecasts;

/// <summary>
/// The threads on which forecasts are made, <see cref="ModelOptions.Workers"/> of them: not the pool's, which answer requests and would wait for a
/// forecast, and of a lower priority than those, so that a batch of records is taken at once while a fleet is forecast.
/// </summary>
internal sealed partial class ForecastThreads : TaskScheduler, IDisposable
{
    /// <summary>Linux' nice value of the threads: a tenth of the share of a thread that answers.</summary>
    private const int Niceness = 10;

    /// <summary>Nice value of what may wait for the forecasts too.</summary>
    internal const int Lowest = 19;

    private const int OfThread = 0;

    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Thread[] _threads;

    public ForecastThreads(ModelOptions options)
    {
        MaximumConcurrencyLevel = options.Workers;
        _threads = [.. Enumerable.Range(0, options.Workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"forecast {i}", Priority = ThreadPriority.BelowNormal })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public override int MaximumConcurrencyLevel { get; }

    /// <summary>Runs it on one of the threads. What awaits it goes on elsewhere: a host that stops there would wait for the thread that it stands on.</summary>
    public Task RunAsync(Action work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously, this);

    public void Dispose()
    {
        _tasks.CompleteAdding();
        // one of them cannot wait for itself, and looks once more whether there is work
        if (Array.IndexOf(_threads, Thread.CurrentThread) >= 0)
            return;
        foreach (var thread in _threads)
            thread.Join();
        _tasks.Dispose();
    }

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Array.IndexOf(_threads, Thread.CurrentThread) >= 0 && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void Work()
    {
        // .NET's priorities do nothing on Linux, where a priority is a thread's own; without the right to lower it forecasts are made as before
        LowerPriority(Niceness);
        foreach (var task in _tasks.GetConsumingEnumerable())
            TryExecuteTask(task);
    }

    /// <summary>Lets the calling thread yield to others for good; the thread must be the caller's own.</summary>
    internal static void LowerPriority(int niceness)
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(OfThread, 0, niceness);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
