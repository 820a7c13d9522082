using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Tests.Forecasting.Kernels;

[Trait("Ring", "unit")]
public sealed unsafe class ActivationTests : KernelTests
{
    private const int Rows = 5;

    [Fact]
    public void Elu_EveryLength_IsNearTheDoubleOneAndItsSlope() => AtEveryWidth(nameof(CheckElu));

    [Fact]
    public void Glu_EveryLength_IsNearTheSlopes() => AtEveryWidth(nameof(CheckGlu));

    [Fact]
    public void ScalarAffine_EveryLength_IsNearTheDoubleOneAndItsSlopes() => AtEveryWidth(nameof(CheckAffine));

    [Fact]
    public void Sums_EveryLength_AreNearTheDoubleOnes() => AtEveryWidth(nameof(CheckSums));

    [Fact]
    public void Dropout_EveryLength_DropsTheShareAndRepeatsItself() => AtEveryWidth(nameof(CheckDropout));

    [Fact]
    public void Dropout_AnyWidth_DropsTheSame()
    {
        var (x, y) = (Zero(100, 32), Zero(100, 32));
        x.Span.Fill(1f);
        y.Span.Fill(1f);

        Dropout.Apply<Simd128, System.Runtime.Intrinsics.Vector128<float>>(x.Pointer, 100, 2, 5, 1u << 30, 1f);
        Dropout.Apply(y.Pointer, 100, 2, 5, 1u << 30, 1f);

        Assert.Equal(x.Span.ToArray(), y.Span.ToArray());
    }

    private void CheckElu<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            int row = Row(n), blocks = row / 16;
            float* x = Random(Rows, n, 3).Pointer, d = Random(Rows, n).Pointer, sums = Random(1, n).Pointer;
            double[] before = Doubles(x, Rows * row), slope = Doubles(d, Rows * row), start = Doubles(sums, row);

            Elu.Forward<TS, TV>(x, Rows * row);
            Elu.Backward<TS, TV>(x, d, row, Rows, blocks, sums);

            for (var i = 0; i < Rows * row; i++)
            {
                Near(EluOf(before[i]), x[i], 3e-7, $"n {n}, {i}");
                var expected = slope[i] * (before[i] > 0 ? 1.0 : Math.Exp(before[i]));
                Near(expected, d[i], 1e-6, $"n {n}, dx {i}");
                start[i % row] += expected;
            }

            for (var i = 0; i < n; i++)
            {
                Near(start[i], sums[i], 1e-5, $"n {n}, sum {i}");
            }
        }
    }

    private void CheckGlu<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            int row = Row(n), blocks = row / 16;
            float* value = Random(Rows, n).Pointer, gate = Random(Rows, n, 3).Pointer, open = Zero(Rows, n).Pointer, dy = Random(Rows, n).Pointer;
            float* both = Zero(Rows, 2 * row).Pointer, sums = Zero(1, 2 * row).Pointer;
            for (var i = 0; i < Rows * row; i++)
            {
                open[i] = (float)Sigmoid(gate[i]);
            }

            Glu.Backward<TS, TV>(dy, value, open, row, Rows, blocks, both, sums);

            var expected = new double[2 * row];
            for (var i = 0; i < Rows * row; i++)
            {
                var (r, j) = (i / row, i % row);
                double g = gate[i], d = dy[i], v = value[i];
                var dgate = Slope([g], 0, x => d * v * Sigmoid(x[0]));
                Near(d * Sigmoid(g), both[(r * 2 * row) + j], 1e-6, $"n {n}, dvalue {i}");
                Near(dgate, both[(r * 2 * row) + row + j], 1e-6, $"n {n}, dgate {i}");
                expected[j] += d * Sigmoid(g);
                expected[row + j] += dgate;
            }

            for (var j = 0; j < 2 * row; j++)
            {
                Near(expected[j], sums[j], 1e-5, $"n {n}, sum {j}");
            }
        }
    }

    private void CheckAffine<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            int row = Row(n), blocks = row / 16;
            const int XRow = 3;
            float* x = Random(Rows, XRow).Pointer, u = Random(1, n).Pointer, c = Random(1, n).Pointer, w = Random(1, n).Pointer, b = Random(1, n).Pointer;
            float* active = Zero(Rows, n).Pointer, skip = Zero(Rows, n).Pointer, da = Random(Rows, n).Pointer, ds = Random(Rows, n).Pointer, d = Zero(4, n).Pointer;

            ScalarAffine.Forward<TS, TV>(x, XRow, Rows, blocks, u, c, w, b, active, skip);
            ScalarAffine.Backward<TS, TV>(x, XRow, Rows, blocks, active, da, ds, d, d + row, d + (2 * row), d + (3 * row));

            for (var j = 0; j < n; j++)
            {
                double du = 0, dc = 0, dw = 0, db = 0;
                for (var r = 0; r < Rows; r++)
                {
                    double xr = x[r * XRow], before = (xr * u[j]) + c[j];
                    Near(EluOf(before), active[(r * row) + j], 1e-6, $"n {n}, active [{r}, {j}]");
                    Near((xr * w[j]) + b[j], skip[(r * row) + j], 1e-6, $"n {n}, skip [{r}, {j}]");
                    var slope = da[(r * row) + j] * (before > 0 ? 1.0 : Math.Exp(before));
                    du += slope * xr;
                    dc += slope;
                    dw += ds[(r * row) + j] * xr;
                    db += ds[(r * row) + j];
                }

                Near(du, d[j], 1e-5, $"n {n}, du {j}");
                Near(dc, d[row + j], 1e-5, $"n {n}, dc {j}");
                Near(dw, d[(2 * row) + j], 1e-5, $"n {n}, dw {j}");
                Near(db, d[(3 * row) + j], 1e-5, $"n {n}, db {j}");
            }
        }
    }

    private void CheckSums<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            var row = Row(n);
            var rows = 1 + (n % 6);
            float* x = Random(rows, n).Pointer, y = Random(rows, n).Pointer, sums = Random(1, n).Pointer;
            double[] xs = Doubles(x, rows * row), ys = Doubles(y, rows * row), start = Doubles(sums, row);

            ColumnSum.Accumulate<TS, TV>(x, row, rows, row / 16, sums);
            VectorMath.Add<TS, TV>(x, y, rows * row);
            VectorMath.AddScaled<TS, TV>(y, x, rows * row, 0.25f);

            for (var j = 0; j < row; j++)
            {
                var column = j;
                Near(start[j] + Enumerable.Range(0, rows).Sum(r => xs[(r * row) + column]), sums[j], 1e-6, $"n {n}, sum {j}");
            }

            for (var i = 0; i < rows * row; i++)
            {
                Near(xs[i] + ys[i], x[i], 1e-6, $"n {n}, add {i}");
                Near(0.25 * (ys[i] + xs[i] + ys[i]), y[i], 1e-6, $"n {n}, add scaled {i}");
            }
        }
    }

    private void CheckDropout<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        long dropped = 0, all = 0;
        foreach (var n in Lengths)
        {
            var blocks = Row(n) / 16;
            var (x, y) = (Zero(50, n), Zero(50, n));
            x.Span.Fill(2f);
            y.Span.Fill(2f);

            Dropout.Apply<TS, TV>(x.Pointer, 50, blocks, (ulong)n, (uint)(0.2 * 4294967296.0), 1.25f);
            Dropout.Apply<TS, TV>(y.Pointer, 50, blocks, (ulong)n, (uint)(0.2 * 4294967296.0), 1.25f);

            Assert.Equal(x.Span.ToArray(), y.Span.ToArray());
            foreach (var value in x.Span)
            {
                Assert.True(value is 0f or 2.5f);
                dropped += value == 0f ? 1 : 0;
                all++;
            }
        }

        Assert.Equal(0.2, (double)dropped / all, 0.002);
    }
}
