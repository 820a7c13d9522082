using Tft.Adapters.Sources;
using Tft.Contract.Records;

namespace Tft.Adapters.Seeding;

/// <summary>A store that is filled with samples, in the shape that its source reads.</summary>
internal interface ISeedTarget : IAsyncDisposable
{
    /// <summary>Makes what has to be there first: a database, a table, an index. Where it is there already, it stays as it is.</summary>
    /// <exception cref="SourceException">In words for an operator.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Time of the newest sample that an earlier run left; null: none, or one that may be written again.</summary>
    /// <param name="now">Where to begin to look back.</param>
    /// <exception cref="SourceException">In words for an operator.</exception>
    Task<DateTimeOffset?> NewestAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes samples, oldest first; returns when the store has acknowledged all of them.</summary>
    /// <exception cref="SourceException">In words for an operator.</exception>
    Task WriteAsync(IReadOnlyList<MetricRecord> samples, CancellationToken cancellationToken);
}
