namespace Tft.Inference.Journal;

/// <summary>
/// Keeps what was acknowledged: a log of entries, and snapshots of partitions that stand for the log before them.
/// One writer (the committer); snapshots may be saved beside it.
/// </summary>
internal interface IJournal : IAsyncDisposable
{
    /// <summary>redis or embedded.</summary>
    string Kind { get; }

    /// <summary>What acknowledged promises.</summary>
    Durability Durability { get; }

    /// <summary>False after an append failed, until <see cref="RepairAsync"/> succeeded.</summary>
    bool IsUsable { get; }

    /// <summary>Bytes appended since the last snapshot of all partitions.</summary>
    long LogBytes { get; }

    /// <summary>True after the log was found to lack what it had kept: only new snapshots make it whole.</summary>
    bool WantsSnapshot { get; }

    /// <summary>Keeps other processes out where the store allows only one; called first, so that a second process does not even listen.</summary>
    /// <exception cref="JournalInUseException">Another process has it.</exception>
    void Claim();

    /// <summary>Takes possession, hands over all that is kept - snapshots first, then the log in order - and stands ready to append.</summary>
    /// <returns>The highest sequence number in use.</returns>
    /// <exception cref="JournalUnavailableException">Not now; call again.</exception>
    /// <exception cref="JournalInUseException">Another process has it.</exception>
    Task<long> OpenAsync(IJournalTarget target, CancellationToken cancellationToken);

    /// <summary>Keeps these entries, whose sequence numbers rise, all of them before it returns.</summary>
    /// <exception cref="JournalUnavailableException">They are not kept, or may not be. Call <see cref="RepairAsync"/> before the next append.</exception>
    ValueTask AppendAsync(IReadOnlyList<Memory<byte>> entries, CancellationToken cancellationToken);

    /// <summary>
    /// After a failed append: makes sure that what it left behind is either gone or applied, in the order of the log.
    /// </summary>
    /// <param name="target">Takes entries of failed appends that were kept after all.</param>
    /// <param name="fence">A sequence number above all that were tried.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The highest sequence number in use.</returns>
    /// <exception cref="JournalUnavailableException">Not now.</exception>
    ValueTask<long> RepairAsync(IJournalTarget target, long fence, CancellationToken cancellationToken);

    /// <summary>Brings what was appended to the disk; called every second where acknowledged promises only the process.</summary>
    void Sync();

    /// <summary>Replaces the snapshot of a partition.</summary>
    Task SaveSnapshotAsync(int partition, ReadOnlyMemory<byte> image, CancellationToken cancellationToken);

    /// <summary>Drops the log up to this sequence number; every partition has a snapshot that covers it.</summary>
    Task TrimAsync(long covered, CancellationToken cancellationToken);
}

/// <summary>What recovery builds up.</summary>
internal interface IJournalTarget
{
    /// <exception cref="InvalidDataException">The image is damaged.</exception>
    void Restore(ReadOnlySpan<byte> partitionImage);

    void Replay(ReadOnlySpan<byte> entry);
}

/// <summary>What acknowledged promises (<c>Tft:Durability</c>).</summary>
internal enum Durability
{
    /// <summary>Survives the death of any process; up to a second is lost if the machine dies.</summary>
    Process,

    /// <summary>Survives the death of the machine: on disk before the answer.</summary>
    Disk,
}

/// <summary>Records can't be kept now; the reason is fit for the answer.</summary>
internal sealed class JournalUnavailableException(string why, Exception? inner = null) : Exception(why, inner);

/// <summary>Another process holds the journal.</summary>
internal sealed class JournalInUseException(string what) : Exception(what);
