using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;

namespace Tft.Tests.Forecasting.Kernels;

[Trait("Ring", "unit")]
public sealed unsafe class SimdMathTests : KernelTests
{
    [Fact]
    public void Functions_WholeRange_AreNearTheDoubleOnes() => AtEveryWidth(nameof(CheckRange));

    [Fact]
    public void Functions_SpecialValues_KeepTheirMeaning() => AtEveryWidth(nameof(CheckSpecials));

    private static void CheckRange<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        for (var x = -90f; x <= 90f; x += 0.0137f)
        {
            var exp = Lane<TS, TV>(SimdMath<TS, TV>.Exp, x);
            var expected = Math.Exp(Math.Clamp(x, -87.3f, 88.3f));
            Assert.True(Math.Abs(exp - expected) <= 3e-7 * expected, $"exp {x}: {exp:R} for {expected:R}");
            Near(Sigmoid(x), Lane<TS, TV>(SimdMath<TS, TV>.Sigmoid, x), 2e-7, $"sigmoid {x}");
            Near(Math.Tanh(x), Lane<TS, TV>(SimdMath<TS, TV>.Tanh, x), 3e-7, $"tanh {x}");
            Near(EluOf(x), Lane<TS, TV>(SimdMath<TS, TV>.Elu, x), 2e-7, $"elu {x}");
        }
    }

    private static void CheckSpecials<TS, TV>()
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        Assert.True(float.IsNaN(Lane<TS, TV>(SimdMath<TS, TV>.Exp, float.NaN)));
        Assert.True(float.IsNaN(Lane<TS, TV>(SimdMath<TS, TV>.Sigmoid, float.NaN)));
        Assert.True(float.IsNaN(Lane<TS, TV>(SimdMath<TS, TV>.Tanh, float.NaN)));
        Assert.True(float.IsNaN(Lane<TS, TV>(SimdMath<TS, TV>.Elu, float.NaN)));
        Assert.Equal(1f, Lane<TS, TV>(SimdMath<TS, TV>.Sigmoid, float.PositiveInfinity), 1e-6f);
        Assert.Equal(0f, Lane<TS, TV>(SimdMath<TS, TV>.Sigmoid, float.NegativeInfinity), 1e-6f);
        Assert.Equal(-1f, Lane<TS, TV>(SimdMath<TS, TV>.Tanh, float.NegativeInfinity), 1e-6f);
        Assert.Equal(1f, Lane<TS, TV>(SimdMath<TS, TV>.Exp, -0f));
        Assert.Equal(0f, Lane<TS, TV>(SimdMath<TS, TV>.Elu, 0f));
        Assert.Equal(float.PositiveInfinity, Lane<TS, TV>(SimdMath<TS, TV>.Elu, float.PositiveInfinity));
    }

    private static float Lane<TS, TV>(Func<TV, TV> function, float x)
        where TS : struct, ISimd<TV>
        where TV : struct
    {
        var lanes = stackalloc float[Panels.Lanes];
        TS.Store(function(TS.Splat(x)), lanes);
        return lanes[TS.Width - 1];
    }
}
