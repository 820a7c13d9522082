using System.Buffers;

namespace Tft.Forecasting.Trees;

/// <summary>Rows to learn from, feature by feature, each number replaced by that of its bin: a byte. Bins hold about as many rows each.</summary>
internal sealed class BinnedRows
{
    /// <summary>Bins of a feature, at most.</summary>
    public const int Bins = 64;

    private const int Sample = 40_000;

    private BinnedRows(int rows, float[][] cuts, byte[][] bins) => (Rows, Cuts, Bytes) = (rows, cuts, bins);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>[features][bins - 1] the largest number of each bin but the last, ascending.</summary>
    public float[][] Cuts { get; }

    /// <summary>[features][rows] bin of each row.</summary>
    public byte[][] Bytes { get; }

    /// <summary>Bins the rows [rows, features].</summary>
    public static BinnedRows Of(ReadOnlyMemory<float> rows, int features, int threads)
    {
        var count = rows.Length / features;
        var (cuts, bytes) = (new float[features][], new byte[features][]);
        Parallel.For(0, features, new ParallelOptions { MaxDegreeOfParallelism = threads }, f =>
        {
            var x = rows.Span;
            var taken = Math.Min(count, Sample);
            var rented = ArrayPool<float>.Shared.Rent(taken);
            var sorted = rented.AsSpan(0, taken);
            for (var i = 0; i < taken; i++)
                sorted[i] = x[((int)((long)i * count / taken) * features) + f];
            sorted.Sort();
            var edges = new List<float>(Bins - 1);
            for (var b = 1; b < Bins && taken > 0; b++)
            {
                var edge = sorted[(int)((long)b * taken / Bins)];
                if (edges.Count == 0 || edge > edges[^1])
                    edges.Add(edge);
            }

            ArrayPool<float>.Shared.Return(rented);
            cuts[f] = [.. edges];
            var bins = bytes[f] = new byte[count];
            for (var i = 0; i < count; i++)
            {
                var at = Array.BinarySearch(cuts[f], x[(i * features) + f]);
                bins[i] = (byte)(at < 0 ? ~at : at);
            }
        });
        return new BinnedRows(count, cuts, bytes);
    }
}
