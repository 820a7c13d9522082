using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Forecasting.Kernels;

/// <summary>Rows of a table by index: what a categorical input brings in.</summary>
internal static unsafe class Lookup
{
    /// <summary>y[r] = table[index[r * indexRow]].</summary>
    /// <param name="table">[values, 16 blocks].</param>
    /// <param name="index">Index of row r at index[r * indexRow]; the caller has checked its range.</param>
    /// <param name="indexRow">Integers from index to index.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">16 blocks.</param>
    /// <param name="y">[rows, 16 blocks], contiguous.</param>
    public static void Gather(float* table, int* index, nint indexRow, int rows, int width, float* y)
    {
        for (var r = 0; r < rows; r++, y += width)
        {
            new ReadOnlySpan<float>(table + ((nint)index[r * indexRow] * width), width).CopyTo(new Span<float>(y, width));
        }
    }

    /// <summary>y[r] += table[index[r * indexRow]]; arguments as in <see cref="Gather"/>.</summary>
    public static void Add(float* table, int* index, nint indexRow, int rows, int width, float* y)
    {
        for (var r = 0; r < rows; r++, y += width)
        {
            VectorMath.Add(y, table + ((nint)index[r * indexRow] * width), width);
        }
    }

    /// <summary>dtable[index[r * indexRow]] += dy[r]: the backward pass of both.</summary>
    public static void Scatter(float* dtable, int* index, nint indexRow, int rows, int width, float* dy)
    {
        for (var r = 0; r < rows; r++, dy += width)
        {
            VectorMath.Add(dtable + ((nint)index[r * indexRow] * width), dy, width);
        }
    }
}
