using System.Numerics;
using System.Runtime.InteropServices;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>Sums of a weighted least squares problem with up to 16 features: F'WF and F'Wy, in double precision over blocks of single.</summary>
internal sealed class NormalEquations
{
    /// <summary>Features of a row; fewer are padded with zeros.</summary>
    public const int Width = 16;

    private const int Block = 256;
    private readonly float[] _gram = new float[Width * Width];
    private readonly float[] _right = new float[Width];
    private int _rows;

    /// <summary>[16, 16] F'WF.</summary>
    public double[] Gram { get; } = new double[Width * Width];

    /// <summary>[16] F'Wy.</summary>
    public double[] Right { get; } = new double[Width];

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<float> row, float target, float weight)
    {
        var features = MemoryMarshal.Cast<float, Vector<float>>(row[..Width]);
        var gram = MemoryMarshal.Cast<float, Vector<float>>(_gram.AsSpan());
        var right = MemoryMarshal.Cast<float, Vector<float>>(_right.AsSpan());
        var y = new Vector<float>(weight * target);
        for (var k = 0; k < features.Length; k++)
            right[k] = Vector.FusedMultiplyAdd(y, features[k], right[k]);
        for (var i = 0; i < Width; i++)
        {
            var f = new Vector<float>(weight * row[i]);
            for (var k = 0; k < features.Length; k++)
                gram[(i * features.Length) + k] = Vector.FusedMultiplyAdd(f, features[k], gram[(i * features.Length) + k]);
        }

        if (++_rows == Block)
            Flush();
    }

    /// <summary>Adds the sums of another problem.</summary>
    public void Add(NormalEquations other)
    {
        other.Flush();
        for (var i = 0; i < Gram.Length; i++)
            Gram[i] += other.Gram[i];
        for (var i = 0; i < Width; i++)
            Right[i] += other.Right[i];
    }

    /// <summary>The coefficients of the first <paramref name="count"/> features, shrunk to <paramref name="towards"/>: (F'WF + D) w = F'Wy + D w0.</summary>
    /// <param name="count">Features that are used.</param>
    /// <param name="strength">D on the diagonal.</param>
    /// <param name="relative">D more, as a share of the mean diagonal of F'WF.</param>
    /// <param name="towards">w0, or empty for zero.</param>
    public float[] Solve(int count, double strength, double relative, ReadOnlySpan<float> towards)
    {
        Flush();
        double trace = 0;
        for (var i = 0; i < count; i++)
            trace += Gram[(i * Width) + i];
        var ridge = strength + (relative * trace / count) + 1e-9;
        var (a, b) = (new double[count * count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < count; k++)
                a[(i * count) + k] = Gram[(i * Width) + k];
            a[(i * count) + i] += ridge;
            b[i] = Right[i] + (towards.IsEmpty ? 0 : strength * towards[i]);
        }

        Cholesky.Solve(a, b, count, 1);
        return [.. b.Select(v => (float)v)];
    }

    private void Flush()
    {
        for (var i = 0; i < _gram.Length; i++)
            Gram[i] += _gram[i];
        for (var i = 0; i < Width; i++)
            Right[i] += _right[i];
        Array.Clear(_gram);
        Array.Clear(_right);
        _rows = 0;
    }
}
