using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Tests.Forecasting.Kernels;

[Trait("Ring", "unit")]
public sealed unsafe class NormTests : KernelTests
{
    private const int Rows = 3;

    [Fact]
    public void LayerNorm_EveryLength_IsNearTheDoubleOneAndItsSlopes() => AtEveryWidth(nameof(CheckLayerNorm));

    [Fact]
    public void NormSelect_EveryLength_IsNearTheDoubleOneAndItsSlopes() => AtEveryWidth(nameof(CheckNormSelect));

    [Fact]
    public void Softmax_EveryLength_IsNearTheDoubleOneAndItsSlopes() => AtEveryWidth(nameof(CheckSoftmax));

    [Fact]
    public void Softmax_GrowingRows_LeavesWhatIsAheadOut() => AtEveryWidth(nameof(CheckGrowing));

    private static double[] Norm(double[] x, float* gamma, float* beta)
    {
        var mean = x.Average();
        var scale = 1.0 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-3);
        return [.. x.Select((v, i) => ((v - mean) * scale * gamma[i]) + beta[i])];
    }

    private static double[] SoftmaxOf(double[] x)
    {
        var e = x.Select(v => Math.Exp(v - x.Max())).ToArray();
        return [.. e.Select(v => v / e.Sum())];
    }

    private void CheckLayerNorm<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            var row = Row(n);
            float* x = Random(Rows, n, 3).Pointer, gamma = Random(1, n).Pointer, beta = Random(1, n).Pointer, dy = Random(Rows, n).Pointer;
            float* y = Zero(Rows, n).Pointer, normal = Zero(Rows, n).Pointer, scale = Zero(1, Rows).Pointer, dx = Zero(Rows, n).Pointer, dgamma = Zero(1, n).Pointer, dbeta = Zero(1, n).Pointer;

            LayerNorm.Forward<TS, TV>(x, y, row, Rows, n, gamma, beta, normal, scale);
            LayerNorm.Backward<TS, TV>(dy, dx, row, Rows, n, gamma, normal, scale, dgamma, dbeta);

            for (var r = 0; r < Rows; r++)
            {
                double[] at = Doubles(x + (r * row), n), expected = Norm(at, gamma, beta), d = Doubles(dy + (r * row), n);
                for (var i = 0; i < row; i++)
                {
                    Near(i < n ? expected[i] : 0.0, y[(r * row) + i], 1e-5, $"n {n}, [{r}, {i}]");
                }

                foreach (var i in (int[])[0, n / 2, n - 1])
                {
                    Near(Slope(at, i, v => Norm(v, gamma, beta).Zip(d, (a, b) => a * b).Sum()), dx[(r * row) + i], 2e-4, $"n {n}, dx [{r}, {i}]");
                }
            }

            for (var i = 0; i < n; i++)
            {
                var column = i;
                Near(Enumerable.Range(0, Rows).Sum(r => (double)dy[(r * row) + column] * normal[(r * row) + column]), dgamma[i], 1e-5, $"n {n}, dgamma {i}");
                Near(Enumerable.Range(0, Rows).Sum(r => (double)dy[(r * row) + column]), dbeta[i], 1e-5, $"n {n}, dbeta {i}");
            }
        }
    }

    private void CheckNormSelect<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        const int WeightRow = 5;
        foreach (var n in Lengths)
        {
            var row = Row(n);
            float* x = Random(Rows, n, 3).Pointer, gamma = Random(1, n).Pointer, beta = Random(1, n).Pointer, d = Random(Rows, n).Pointer, w = Random(Rows, WeightRow).Pointer;
            float* selected = Random(Rows, n).Pointer, normal = Zero(Rows, n).Pointer, scale = Zero(1, Rows).Pointer;
            float* dx = Zero(Rows, n).Pointer, dw = Zero(Rows, WeightRow).Pointer, dgamma = Zero(1, n).Pointer, dbeta = Zero(1, n).Pointer;
            var before = Doubles(selected, Rows * row);
            var first = n % 2 == 0;

            NormSelect.Forward<TS, TV>(x, row, Rows, n, gamma, beta, w, WeightRow, selected, first, normal, scale);
            NormSelect.Backward<TS, TV>(d, row, Rows, n, gamma, beta, w, dw, WeightRow, normal, scale, dx, dgamma, dbeta);

            for (var r = 0; r < Rows; r++)
            {
                double[] at = Doubles(x + (r * row), n), y = Norm(at, gamma, beta), g = Doubles(d + (r * row), n);
                var weight = w[r * WeightRow];
                for (var i = 0; i < n; i++)
                {
                    Near((first ? 0 : before[(r * row) + i]) + (weight * y[i]), selected[(r * row) + i], 1e-5, $"n {n}, [{r}, {i}]");
                }

                Near(y.Zip(g, (a, b) => a * b).Sum(), dw[r * WeightRow], 2e-5, $"n {n}, dweight {r}");
                foreach (var i in (int[])[0, n / 2, n - 1])
                {
                    Near(Slope(at, i, v => weight * Norm(v, gamma, beta).Zip(g, (a, b) => a * b).Sum()), dx[(r * row) + i], 2e-4, $"n {n}, dx [{r}, {i}]");
                }
            }

            for (var i = 0; i < n; i++)
            {
                var column = i;
                Near(Enumerable.Range(0, Rows).Sum(r => (double)w[r * WeightRow] * d[(r * row) + column] * normal[(r * row) + column]), dgamma[i], 1e-5, $"n {n}, dgamma {i}");
                Near(Enumerable.Range(0, Rows).Sum(r => (double)w[r * WeightRow] * d[(r * row) + column]), dbeta[i], 1e-5, $"n {n}, dbeta {i}");
            }
        }
    }

    private void CheckSoftmax<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            var row = Row(n);
            float* x = Random(Rows, n, n % 7 == 0 ? 80 : 4).Pointer, dp = Random(Rows, n).Pointer, dx = Zero(Rows, n).Pointer;
            var before = Doubles(x, Rows * row);

            Softmax.Forward<TS, TV>(x, row, Rows, n, 0, row);
            Softmax.Backward<TS, TV>(x, dp, dx, row, Rows, row, 0.5f);

            for (var r = 0; r < Rows; r++)
            {
                double[] at = before[(r * row)..((r * row) + n)], p = SoftmaxOf(at), d = Doubles(dp + (r * row), n);
                for (var i = 0; i < row; i++)
                {
                    Near(i < n ? p[i] : 0.0, x[(r * row) + i], 1e-6, $"n {n}, [{r}, {i}]");
                }

                foreach (var i in (int[])[0, n / 2, n - 1])
                {
                    Near(0.5 * Slope(at, i, v => SoftmaxOf(v).Zip(d, (a, b) => a * b).Sum()), dx[(r * row) + i], 1e-5, $"n {n}, dx [{r}, {i}]");
                }
            }
        }
    }

    private void CheckGrowing<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var n in Lengths)
        {
            const int Steps = 40;
            var row = Row(n + Steps);
            float* x = Random(Steps, n + Steps).Pointer;
            var before = Doubles(x, Steps * row);

            Softmax.Forward<TS, TV>(x, row, Steps, n, 1, row);

            for (var r = 0; r < Steps; r++)
            {
                var p = SoftmaxOf(before[(r * row)..((r * row) + n + r)]);
                for (var i = 0; i < row; i++)
                {
                    Near(i < n + r ? p[i] : 0.0, x[(r * row) + i], 1e-6, $"n {n}, [{r}, {i}]");
                }
            }
        }
    }
}
