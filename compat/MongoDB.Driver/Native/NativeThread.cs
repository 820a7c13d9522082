namespace MongoDB.Driver.Native;

/// <summary>Calls that block for as long as a server is silent: on threads of their own, since the pool's are few and others need them.</summary>
internal static class NativeThread
{
    public static Task<T> RunAsync<T>(Func<T> call)
    {
        var work = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        // Its error, when nobody waits any more, is nobody's.
        _ = work.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return work;
    }
}
