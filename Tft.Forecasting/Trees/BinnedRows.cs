using System.Buffers;

namespace Tft.Forecasting.Trees;

/// <summary>Rows to learn from, feature by feature, each number replaced by that of its bin: a byte. Bins hold about as many rows each.</summary>
internal sealed class BinnedRows
{
    /// <summary>Bins of a feature, at most.</summary>
    public const int Bins = 64;

    /// <summary>Rows, of which none is set yet.</summary>
    /// <param name="cuts">[features][bins - 1] see <see cref="Cuts"/>.</param>
    /// <param name="rows">How many.</param>
    public BinnedRows(float[][] cuts, int rows)
    {
        (Rows, Cuts, Bytes) = (rows, cuts, new byte[cuts.Length][]);
        foreach (ref var feature in Bytes.AsSpan())
            feature = new byte[rows];
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>[features][bins - 1] the largest number of each bin but the last, ascending.</summary>
    public float[][] Cuts { get; }

    /// <summary>[features][rows] bin of each row.</summary>
    public byte[][] Bytes { get; }

    /// <summary>Sets a row [features]; several threads may set different ones.</summary>
    public void Set(int row, ReadOnlySpan<float> values)
    {
        for (var f = 0; f < values.Length; f++)
        {
            var at = Array.BinarySearch(Cuts[f], values[f]);
            Bytes[f][row] = (byte)(at < 0 ? ~at : at);
        }
    }

    /// <summary>Bins the rows [rows, features].</summary>
    public static BinnedRows Of(ReadOnlyMemory<float> rows, int features, int threads)
    {
        var binned = new BinnedRows(CutsOf(rows, features, threads), rows.Length / features);
        Parallel.For(0, binned.Rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => binned.Set(i, rows.Span.Slice(i * features, features)));
        return binned;
    }

    /// <summary>Where bins end that hold about as many of some rows [rows, features] each.</summary>
    public static float[][] CutsOf(ReadOnlyMemory<float> rows, int features, int threads)
    {
        var count = rows.Length / features;
        var cuts = new float[features][];
        Parallel.For(0, features, new ParallelOptions { MaxDegreeOfParallelism = threads }, f =>
        {
            var x = rows.Span;
            var rented = ArrayPool<float>.Shared.Rent(count);
            var sorted = rented.AsSpan(0, count);
            for (var i = 0; i < count; i++)
                sorted[i] = x[(i * features) + f];
            sorted.Sort();
            var edges = new List<float>(Bins - 1);
            for (var b = 1; b < Bins && count > 0; b++)
            {
                var edge = sorted[(int)((long)b * count / Bins)];
                if (edges.Count == 0 || edge > edges[^1])
                    edges.Add(edge);
            }

            ArrayPool<float>.Shared.Return(rented);
            cuts[f] = [.. edges];
        });
        return cuts;
    }
}
