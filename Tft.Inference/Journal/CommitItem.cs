using System.Diagnostics;
using Tft.Inference.Windows;

namespace Tft.Inference.Journal;

/// <summary>A batch on its way through the committer.</summary>
internal sealed class CommitItem
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The entry, sequence number still open; empty for work that is only to be done in turn.</summary>
    public Memory<byte> Entry { get; init; }

    /// <summary>Records in it.</summary>
    public int Records { get; init; }

    /// <summary>Filled by index of the record in its batch.</summary>
    public Memory<Verdict> Verdicts { get; init; }

    /// <summary>For forecasts to link to.</summary>
    public ActivityContext Span { get; init; }

    /// <summary>Instead of an entry: runs alone with the windows.</summary>
    public Action<FleetWindows>? Work { get; init; }

    public ApplyResult Result { get; private set; }

    public Task Task => _done.Task;

    public bool IsCompleted => _done.Task.IsCompleted;

    public void Complete(ApplyResult result)
    {
        Result = result;
        _done.SetResult();
    }

    public void Fail(Exception why) => _done.SetException(why);
}
