namespace Tft.Forecasting.Recipe.Base;

/// <summary>Solves small symmetric positive definite systems, in double precision.</summary>
internal static class Cholesky
{
    /// <summary>Solves A X = B in place: <paramref name="a"/> [n, n] becomes its factor, <paramref name="b"/> [n, columns] becomes X.</summary>
    /// <exception cref="ArithmeticException">A is not positive definite.</exception>
    public static void Solve(Span<double> a, Span<double> b, int n, int columns)
    {
        Factor(a, n);
        for (var i = 0; i < n; i++)
        {
            var row = b.Slice(i * columns, columns);
            for (var k = 0; k < i; k++)
                Subtract(row, a[(i * n) + k], b.Slice(k * columns, columns));
            Scale(row, 1 / a[(i * n) + i]);
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var row = b.Slice(i * columns, columns);
            for (var k = i + 1; k < n; k++)
                Subtract(row, a[(k * n) + i], b.Slice(k * columns, columns));
            Scale(row, 1 / a[(i * n) + i]);
        }
    }

    private static void Factor(Span<double> a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            var pivot = a[(j * n) + j];
            for (var k = 0; k < j; k++)
                pivot -= a[(j * n) + k] * a[(j * n) + k];
            if (!(pivot > 0))
                throw new ArithmeticException($"The system is not positive definite (pivot {j} is {pivot}).");
            var diagonal = a[(j * n) + j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < n; i++)
            {
                var sum = a[(i * n) + j];
                for (var k = 0; k < j; k++)
                    sum -= a[(i * n) + k] * a[(j * n) + k];
                a[(i * n) + j] = sum / diagonal;
            }
        }
    }

    private static void Subtract(Span<double> row, double factor, ReadOnlySpan<double> other)
    {
        for (var c = 0; c < row.Length; c++)
            row[c] -= factor * other[c];
    }

    private static void Scale(Span<double> row, double factor)
    {
        foreach (ref var v in row)
            v *= factor;
    }
}
