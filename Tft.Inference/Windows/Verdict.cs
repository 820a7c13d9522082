namespace Tft.Inference.Windows;

/// <summary>What became of a record.</summary>
internal enum Verdict : byte
{
    Accepted,

    /// <summary>The same sample was there already; nothing changed.</summary>
    Duplicate,

    /// <summary>Older than 15 min behind its source's newest, and its bucket has data.</summary>
    TooLate,

    /// <summary>Older than the window.</summary>
    TooOld,

    /// <summary>A new name beyond <c>Tft:MaxServers</c>.</summary>
    TooManyServers,

    /// <summary>Replay only: the snapshot has it already.</summary>
    Known,
}
