using Tft.Forecasting.Kernels;

namespace Tft.Tests.Forecasting.Kernels;

[Trait("Ring", "unit")]
public sealed unsafe class LookupTests : KernelTests
{
    [Fact]
    public void Lookup_EveryLength_GathersAddsAndScatters()
    {
        foreach (var n in Lengths)
        {
            const int Rows = 7;
            var row = Row(n);
            float* table = Random(3, n).Pointer, y = Zero(Rows, n).Pointer, dtable = Zero(3, n).Pointer;
            int[] index = [2, -1, 0, -1, 2, -1, 1, -1, 0, -1, 2, -1, 2];
            fixed (int* at = index)
            {
                Lookup.Gather(table, at, 2, Rows, row, y);
                Lookup.Add(table, at, 2, Rows, row, y);
                Lookup.Scatter(dtable, at, 2, Rows, row, y);
            }

            for (var i = 0; i < Rows * row; i++)
            {
                Assert.Equal(2 * table[(index[i / row * 2] * row) + (i % row)], y[i]);
            }

            int[] times = [2, 1, 4];
            for (var i = 0; i < 3 * row; i++)
            {
                Near(2 * times[i / row] * table[i], dtable[i], 1e-6, $"n {n}, {i}");
            }
        }
    }
}
