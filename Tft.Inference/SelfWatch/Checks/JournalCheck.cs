using Tft.Inference.Windows;

namespace Tft.Inference.SelfWatch.Checks;

/// <summary>A journal that cannot be written: records are refused until it can.</summary>
internal sealed class JournalCheck(IIngestStatus ingest) : ISystemCheck
{
    public string Rule => "system_journal";

    public string Severity => "critical";

    public TimeSpan For => TimeSpan.FromMinutes(1);

    public IEnumerable<SystemReading> Read(DateTimeOffset now)
    {
        var journal = ingest.Journal;
        yield return new SystemReading("", journal.State != "ok", journal.State == "ok" ? 0 : 1, 1, $"the journal ({journal.Kind}) cannot be written; senders are told to try again, and forecasts grow old");
    }
}
