namespace Tft.Inference.Windows.Storage;

/// <summary>
/// An array that grows by whole chunks: elements never move, so references and readers stay valid while one writer adds.
/// </summary>
internal sealed class Chunked<T>(int bitsPerChunk)
{
    private T[][] _chunks = [];

    public int Capacity => Volatile.Read(ref _chunks).Length << bitsPerChunk;

    public ref T this[int index] => ref Volatile.Read(ref _chunks)[index >> bitsPerChunk][index & ((1 << bitsPerChunk) - 1)];

    /// <summary>The chunks, for scanning.</summary>
    public ReadOnlySpan<T[]> Chunks => Volatile.Read(ref _chunks);

    /// <summary>Makes room for this index. One writer only.</summary>
    public void Reach(int index)
    {
        var chunks = _chunks;
        if (index >> bitsPerChunk < chunks.Length)
            return;
        var more = new T[(index >> bitsPerChunk) + 1][];
        chunks.CopyTo(more, 0);
        for (var i = chunks.Length; i < more.Length; i++)
            more[i] = new T[1 << bitsPerChunk];
        Volatile.Write(ref _chunks, more);
    }
}
