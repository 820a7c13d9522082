using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Tests.Forecasting.Kernels;

[Trait("Ring", "unit")]
public sealed unsafe class GemmTests : KernelTests
{
    [Fact]
    public void Multiply_EveryLength_IsNearTheDoubleProduct() => AtEveryWidth(nameof(CheckLengths));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Multiply_EveryNumberOfRows_IsNearTheDoubleProduct(int blocks) => AtEveryWidth(nameof(CheckRows), blocks);

    [Fact]
    public void Gated_EveryLengthAndNumberOfRows_IsNearTheDoubleOne() => AtEveryWidth(nameof(CheckGated));

    [Fact]
    public void Gradient_EveryNumberOfRows_IsNearTheDoubleSum() => AtEveryWidth(nameof(CheckGradient));

    private void CheckLengths<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var k in Lengths)
        {
            Check<TS, TV, Plain<TS, TV>>(5, k, 1 + (k % 3), accumulate: k % 2 == 0, packed: true, v => v);
            Check<TS, TV, WithElu<TS, TV>>(2, k, 1, accumulate: false, packed: k % 2 == 0, EluOf);
        }
    }

    private void CheckRows<TS, TV>(int blocks)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (var rows = 0; rows < 40; rows++)
        {
            Check<TS, TV, Plain<TS, TV>>(rows, 7, blocks, accumulate: false, packed: true, v => v);
            Check<TS, TV, Plain<TS, TV>>(rows, 7, blocks, accumulate: true, packed: false, v => v);
        }
    }

    private void Check<TS, TV, TE>(int rows, int k, int blocks, bool accumulate, bool packed, Func<double, double> epilogue)
        where TS : struct, ISimd<TV>
        where TV : struct
        where TE : struct, IEpilogue<TS, TV>
    {
        int columns = blocks * Panels.Lanes, row = Row(k);
        float* a = Random(rows + 1, k).Pointer, b = Random(k, columns).Pointer, bias = Random(1, columns).Pointer, c = Random(rows + 1, columns).Pointer;
        var before = Doubles(c, (rows + 1) * columns);
        var panels = packed ? Panels.Packed(b, k) : Panels.Rows(b, columns);

        Gemm.Run<TS, TV, TE>(a, row, rows, k, panels, blocks, bias, c, columns, accumulate);

        for (var r = 0; r < rows; r++)
        {
            for (var j = 0; j < columns; j++)
            {
                var sum = accumulate ? before[(r * columns) + j] : bias[j];
                for (var i = 0; i < k; i++)
                {
                    sum += (double)a[(r * row) + i] * panels.Data[(j / 16 * panels.Block) + (i * panels.Step) + (j % 16)];
                }

                Near(epilogue(sum), c[(r * columns) + j], 2e-5, $"rows {rows}, k {k}, blocks {blocks}: [{r}, {j}]");
            }
        }

        for (var j = 0; j < columns; j++)
        {
            Assert.Equal(before[(rows * columns) + j], c[(rows * columns) + j]);
        }
    }

    private void CheckGated<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var k in Lengths)
        {
            int rows = 1 + (k % 19), blocks = 1 + (k % 2), columns = blocks * Panels.Lanes, row = Row(k);
            float* a = Random(rows, k).Pointer, b = Random(k, 2 * columns).Pointer, bias = Random(1, 2 * columns).Pointer;
            float* residual = Random(rows, columns).Pointer, y = Zero(rows, columns).Pointer, value = Zero(rows, columns).Pointer, open = Zero(rows, columns).Pointer;

            GatedGemm.Run<TS, TV>(a, row, rows, k, Panels.Packed(b, k), blocks, bias, new GatedRows
            {
                Output = y, OutputRow = columns, Residual = k % 3 == 0 ? null : residual, ResidualRow = columns, Value = value, Gate = open, TapeRow = columns,
            });

            for (var r = 0; r < rows; r++)
            {
                for (var j = 0; j < columns; j++)
                {
                    double v = bias[j], g = bias[columns + j];
                    for (var i = 0; i < k; i++)
                    {
                        v += (double)a[(r * row) + i] * b[(j / 16 * 16 * k) + (i * 16) + (j % 16)];
                        g += (double)a[(r * row) + i] * b[(((j / 16) + blocks) * 16 * k) + (i * 16) + (j % 16)];
                    }

                    var at = (r * columns) + j;
                    Near(v, value[at], 2e-5, $"value, k {k}");
                    Near(Sigmoid(g), open[at], 1e-5, $"gate, k {k}");
                    Near((v * Sigmoid(g)) + (k % 3 == 0 ? 0 : residual[at]), y[at], 3e-5, $"output, k {k}");
                }
            }
        }
    }

    private void CheckGradient<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        foreach (var rows in Lengths)
        {
            int outBlocks = 1 + (rows % 2), inBlocks = 1 + (rows % 3), m = 16 * outBlocks, n = 16 * inBlocks;
            float* dy = Random(rows, m).Pointer, x = Random(rows, n).Pointer, g = Random(m, n).Pointer;
            var before = Doubles(g, m * n);

            GemmGradient.Run<TS, TV>(dy, m, outBlocks, x, n, inBlocks, rows, g, n);

            for (var o = 0; o < m; o++)
            {
                for (var i = 0; i < n; i++)
                {
                    var sum = before[(o * n) + i];
                    for (var r = 0; r < rows; r++)
                    {
                        sum += (double)dy[(r * m) + o] * x[(r * n) + i];
                    }

                    Near(sum, g[(o * n) + i], 2e-5, $"rows {rows}: [{o}, {i}]");
                }
            }
        }
    }
}
