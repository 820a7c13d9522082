namespace Tft.Forecasting.Kernels.Products;

/// <summary>
/// A matrix [k, 16 blocks] as columns in blocks of 16: element (i, 16 j + l) stands at <c>Data[j * Block + i * Step + l]</c>.
/// Packed, a block is contiguous (Step 16, Block 16 k); a plain row-major matrix is Block 16, Step its row length.
/// </summary>
internal readonly unsafe struct Panels(float* data, nint block, nint step)
{
    /// <summary>Columns of a block; every row in a workspace is padded with zeros to a multiple of it.</summary>
    public const int Lanes = 16;

    public readonly float* Data = data;
    public readonly nint Block = block;
    public readonly nint Step = step;

    /// <summary>A packed matrix of <paramref name="k"/> rows.</summary>
    public static Panels Packed(float* data, int k) => new(data, (nint)Lanes * k, Lanes);

    /// <summary>A row-major matrix with rows of <paramref name="row"/> floats.</summary>
    public static Panels Rows(float* data, nint row) => new(data, Lanes, row);

    /// <summary>The next multiple of <see cref="Lanes"/>.</summary>
    public static int Pad(int width) => (width + Lanes - 1) / Lanes * Lanes;
}
