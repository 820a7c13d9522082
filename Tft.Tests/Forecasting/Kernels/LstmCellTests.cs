using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Tests.Forecasting.Kernels;

[Trait("Ring", "unit")]
public sealed unsafe class LstmCellTests : KernelTests
{
    [Fact]
    public void Step_EveryNumberOfRows_IsNearTheDoubleOneAndItsSlopes()
    {
        for (var rows = 1; rows <= 9; rows++)
        {
            AtEveryWidth(nameof(Check), rows, 16);
        }
    }

    [Fact]
    public void Step_EveryWidth_IsNearTheDoubleOneAndItsSlopes()
    {
        foreach (var hidden in Enumerable.Range(1, 40).Append(64).Append(100))
        {
            AtEveryWidth(nameof(Check), 3, hidden);
        }
    }

    private void Check<TS, TV>(int rows, int h)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        int row = Row(h), blocks = row / 16, gatesRow = 4 * row;
        float* x = Random(rows, h).Pointer, before = Random(rows, h).Pointer, cell = Random(rows, h).Pointer, after = Zero(rows, h).Pointer, next = Zero(rows, h).Pointer;
        float* gates = Zero(rows, gatesRow).Pointer, weight = Zero(2 * h, gatesRow).Pointer, bias = Zero(1, gatesRow).Pointer;
        var columns = Columns.Gates(h);
        float* w = Random(4 * h, 2 * h, 0.3).Pointer, b = Random(1, 4 * h).Pointer;
        for (var o = 0; o < 4 * h; o++)
        {
            bias[columns[o]] = b[o];
            for (var i = 0; i < 2 * h; i++)
            {
                weight[(columns[o] / 64 * 2 * h * 64) + (i * 64) + (columns[o] % 64)] = w[(o * Row(2 * h)) + i];
            }
        }

        LstmCell.Forward<TS, TV>(
            new LstmRows
            {
                Input = x, InputRow = row, InputWidth = h, Hidden = before, NextHidden = after, HiddenRow = row, HiddenWidth = h,
                Cell = cell, NextCell = next, CellRow = row, Gates = gates, GatesRow = gatesRow,
            },
            rows, blocks, weight, bias);
        float* dh = Random(rows, h).Pointer, dc = Random(rows, h).Pointer;
        double[] dhs = Doubles(dh, rows * row), dcs = Doubles(dc, rows * row);
        LstmCell.Backward<TS, TV>(dh, row, dc, gates, gatesRow, cell, next, row, rows, blocks);

        for (var r = 0; r < rows; r++)
        {
            foreach (var unit in (int[])[0, h / 2, h - 1])
            {
                var sums = new double[4];
                for (var gate = 0; gate < 4; gate++)
                {
                    var o = (gate * h) + unit;
                    sums[gate] = b[o];
                    for (var i = 0; i < h; i++)
                    {
                        sums[gate] += ((double)w[(o * Row(2 * h)) + i] * x[(r * row) + i]) + ((double)w[(o * Row(2 * h)) + h + i] * before[(r * row) + i]);
                    }
                }

                double[] at = [.. sums, cell[(r * row) + unit]];
                Near(Cell(at), next[(r * row) + unit], 2e-5, $"h {h}, c [{r}, {unit}]");
                Near(Hidden(at), after[(r * row) + unit], 2e-5, $"h {h}, h [{r}, {unit}]");
                for (var gate = 0; gate < 4; gate++)
                {
                    Near(Slope(at, gate, Loss), gates[(r * gatesRow) + columns[(gate * h) + unit]], 2e-5, $"h {h}, gate {gate} [{r}, {unit}]");
                }

                Near(Slope(at, 4, Loss), dc[(r * row) + unit], 2e-5, $"h {h}, dc [{r}, {unit}]");
                double Loss(double[] v) => (dhs[(r * row) + unit] * Hidden(v)) + (dcs[(r * row) + unit] * Cell(v));
            }
        }
    }

    private static double Cell(double[] v) => (Sigmoid(v[1]) * v[4]) + (Sigmoid(v[0]) * Math.Tanh(v[2]));

    private static double Hidden(double[] v) => Sigmoid(v[3]) * Math.Tanh(Cell(v));
}
