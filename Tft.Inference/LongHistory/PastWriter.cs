using Tft.Inference.Hosting;
using Tft.Inference.Journal;
using Tft.Inference.Windows;

namespace Tft.Inference.LongHistory;

/// <summary>Opens the history once the windows are recovered, and writes it.</summary>
internal sealed class PastWriter(PastStore store, FleetWindows windows, Committer committer, TimeProvider clock, ILogger<PastWriter> logger) : BackgroundWriter("History", clock, logger)
{
    protected override void Prepare()
    {
        if (!store.IsOpen && !committer.IsReading)
            store.Open(windows.Names);
    }

    protected override void Flush() => store.Flush();

    protected override void Expire() => store.Expire();
}
