using System.Text.Json;

namespace Tft.Tests.Sources.Distributed.Stores;

/// <summary>
/// A source as the distributed scenarios see it. A new source joins by one class of this and a line in one of the tables of SourceScenarioTests.cs.
/// </summary>
internal abstract class SourceUnderTest : IAsyncDisposable
{
    /// <summary>The adapter's command, and its name towards the service.</summary>
    public abstract string Adapter { get; }

    /// <summary>Where the store listens, the same after each start; 0: it is not reached over the network.</summary>
    public virtual int Port => 0;

    /// <summary>False where the source pushes by itself, under the name of <see cref="Adapter"/>.</summary>
    public virtual bool HasAdapter => true;

    /// <summary>True where a writer can go on while the adapter can't read.</summary>
    public virtual bool TakesRowsWhileStopped => false;

    /// <summary>
    /// True where the adapter reads on a grid that follows its own clock: a row is seen when its time has come, and must be in the store by then.
    /// </summary>
    public virtual bool FollowsTheClock => false;

    /// <summary>True where the same sample can be in the store twice.</summary>
    public virtual bool KeepsDuplicates => true;

    /// <summary>True where a row older than others of its server can be added.</summary>
    public virtual bool TakesLateRows => true;

    /// <summary>Of the day's answers: where one is cut, in the middle of a page that is not the first.</summary>
    public virtual int BytesUntilCut => 500_000;

    /// <summary>Starts the store, or starts it again; skips the test where its program is missing.</summary>
    public abstract Task StartAsync();

    public abstract Task StopAsync();

    /// <summary>The adapter's settings below <c>Tft:</c>.</summary>
    /// <param name="port">Where the store is reached.</param>
    public abstract IEnumerable<(string Key, string Value)> Settings(int port);

    /// <summary>For a source that pushes: where to, and with which key. Comes before the first rows.</summary>
    public virtual void Connect(Uri service, string key)
    {
    }

    /// <summary>For a source that pushes: waits until all that was added is acknowledged.</summary>
    public virtual Task AllIsPushedAsync() => Task.CompletedTask;

    /// <summary>Writes rows, in the order given.</summary>
    public abstract Task AddAsync(IReadOnlyList<Sample> rows);

    /// <summary>Writes rows of which the last is only half there until the task's action is called; null where the store has no such thing.</summary>
    public virtual Task<Func<Task>>? AddAllButHalfARowAsync(IReadOnlyList<Sample> rows) => null;

    /// <summary>
    /// Writes rows, each of another server, that the schema does not foresee, as far as the store takes such: a text for a number, a field that is missing,
    /// one that is nested deeper.
    /// </summary>
    /// <param name="rows">What the rows would hold; five.</param>
    /// <returns>What is to be read from them.</returns>
    public abstract Task<IReadOnlyList<Sample>> AddSurprisesAsync(IReadOnlyList<Sample> rows);

    /// <summary>True when the day that was there first has been read.</summary>
    /// <param name="cursor">The adapter's cursor file.</param>
    public virtual bool HasReadTheDay(JsonElement cursor) =>
        !cursor.TryGetProperty("backfill_until", out var until) || until.ValueKind == JsonValueKind.Null;

    public abstract ValueTask DisposeAsync();
}
