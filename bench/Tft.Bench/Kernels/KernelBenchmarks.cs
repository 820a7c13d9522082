using BenchmarkDotNet.Attributes;
using Tft.Forecasting.Kernels;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Bench.Kernels;

/// <summary>The kernels at the widths that are used: 16 (one metric a window), 64, and 65, one beyond a register.</summary>
public unsafe class KernelBenchmarks
{
    private const int Rows = 96;

    private readonly FloatBlock _a = new(1 << 18);
    private readonly FloatBlock _b = new(1 << 18);
    private readonly FloatBlock _c = new(1 << 18);

    /// <summary>H.</summary>
    [Params(16, 64, 65)]
    public int Hidden { get; set; }

    private int Row => Panels.Pad(Hidden);

    private int Blocks => Row / Panels.Lanes;

    /// <summary>Fills the inputs.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        foreach (var block in (FloatBlock[])[_a, _b])
        {
            foreach (ref var value in block.Span)
            {
                value = (float)random.NextDouble();
            }
        }
    }

    /// <summary>96 rows times [H, H].</summary>
    [Benchmark]
    public void Product() => Gemm.Multiply(_a.Pointer, Row, Rows, Hidden, Panels.Packed(_b.Pointer, Hidden), Blocks, _b.Pointer, _c.Pointer, Row);

    /// <summary>96 rows through a gated linear unit.</summary>
    [Benchmark]
    public void Gated() => GatedGemm.Multiply(_a.Pointer, Row, Rows, Hidden, Panels.Packed(_b.Pointer, Hidden), Blocks, _b.Pointer, new GatedRows { Output = _c.Pointer, OutputRow = Row });

    /// <summary>The weights' gradient of 96 rows.</summary>
    [Benchmark]
    public void Gradient() => GemmGradient.Accumulate(_a.Pointer, Row, Blocks, _b.Pointer, Row, Blocks, Rows, _c.Pointer, Row);

    /// <summary>96 rows normalised.</summary>
    [Benchmark]
    public void Norm() => LayerNorm.Forward(_a.Pointer, _c.Pointer, Row, Rows, Hidden, _b.Pointer, _b.Pointer, null, null);

    /// <summary>96 rows of softmax.</summary>
    [Benchmark]
    public void Weights()
    {
        _a.Span[..(Rows * Row)].CopyTo(_c.Span);
        Softmax.Forward(_c.Pointer, Row, Rows, Hidden, 0, Row);
    }

    /// <summary>96 values looked up in a variable's curve.</summary>
    [Benchmark]
    public int Lookup() => Curve.Mix(_b.Pointer, 773, 64, _a.Pointer, 1, _a.Pointer, 1, Rows, Blocks, _c.Pointer, false, (int*)_c.Pointer + 100000);
}
