using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Tests.Forecasting.Kernels;

[Trait("Ring", "unit")]
public sealed unsafe class CurveTests : KernelTests
{
    [Fact]
    public void Mix_EveryLength_IsNearTheCurveAndNamesWhatLiesOutside() => AtEveryWidth(nameof(Check));

    [Fact]
    public void MixRows_EveryLength_TakesTheRows() => AtEveryWidth(nameof(CheckRows));

    private void Check<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        const int Knots = 129, Density = 16, Rows = 9;
        var outside = stackalloc int[Rows];
        foreach (var n in Lengths)
        {
            var row = Row(n);
            float* table = Zero(Knots, n).Pointer, x = Random(Rows, 1, 2.8).Pointer, w = Random(Rows, 1).Pointer, selected = Random(Rows, n).Pointer;
            for (var k = 0; k < Knots; k++)
            {
                for (var j = 0; j < n; j++)
                {
                    table[(k * row) + j] = (float)Function((k - (Knots / 2)) / (double)Density, j);
                }
            }

            x[2 * 16] = 7f;
            x[5 * 16] = float.NaN;
            x[6 * 16] = -4f;
            var before = Doubles(selected, Rows * row);
            var first = n % 2 == 0;

            var count = Curve.Mix<TS, TV>(table, Knots, Density, x, 16, w, 16, Rows, row / 16, selected, first, outside);

            Assert.Equal([2, 5, 6], new ReadOnlySpan<int>(outside, count).ToArray());
            for (var r = 0; r < Rows; r++)
            {
                for (var j = 0; j < n; j++)
                {
                    var start = first ? 0.0 : before[(r * row) + j];
                    Near(start + (r is 2 or 5 or 6 ? 0.0 : w[r * 16] * Function(x[r * 16], j)), selected[(r * row) + j], 1e-5, $"n {n}, [{r}, {j}]");
                }
            }
        }
    }

    private void CheckRows<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            var row = Row(n);
            float* table = Random(3, n).Pointer, w = Random(4, 1).Pointer, selected = Random(4, n).Pointer;
            var before = Doubles(selected, 4 * row);
            int[] index = [1, 2, 0, 2];
            fixed (int* at = index)
            {
                Curve.MixRows<TS, TV>(table, at, 1, w, 16, 4, row / 16, selected, n % 2 == 0);
            }

            for (var i = 0; i < 4 * row; i++)
            {
                Near((n % 2 == 0 ? 0.0 : before[i]) + ((double)w[i / row * 16] * table[(index[i / row] * row) + (i % row)]), selected[i], 1e-6, $"n {n}, {i}");
            }
        }
    }

    private static double Function(double x, int column) => Math.Sin((x * 1.5) + column);
}
