namespace Tft.Bench.Parts;

/// <summary>One part of a server's forecast.</summary>
/// <param name="Name">Its name, stable.</param>
/// <param name="Run">Does it.</param>
/// <param name="Note">What a reader should know.</param>
internal sealed record Part(string Name, Action Run, string Note)
{
    /// <summary>Bytes that a run allocates once it is warm.</summary>
    public long Allocated()
    {
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
