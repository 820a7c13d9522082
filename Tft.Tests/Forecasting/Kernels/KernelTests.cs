using System.Reflection;
using System.Runtime.Intrinsics;
using Tft.Forecasting.Kernels.Products;
using Tft.Forecasting.Kernels.Vectors;
using Tft.Forecasting.Network.Buffers;

namespace Tft.Tests.Forecasting.Kernels;

/// <summary>Runs a check at every register width that this machine has, with buffers as the kernels want them.</summary>
public abstract unsafe class KernelTests
{
    private readonly List<FloatBlock> _blocks = [];
    private readonly Random _random = new(1);

    /// <summary>Every length, so every tail.</summary>
    protected static IEnumerable<int> Lengths => Enumerable.Range(1, 256);

    /// <summary>Calls the named generic method of two type arguments (register operations, register) for each width.</summary>
    protected void AtEveryWidth(string check, params object[] arguments)
    {
        var method = GetType().GetMethod(check, BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static) ?? throw new MissingMethodException(check);
        foreach (var (operations, register, here) in ((Type, Type, bool)[])
            [(typeof(Simd128), typeof(Vector128<float>), true), (typeof(Simd256), typeof(Vector256<float>), Vector256.IsHardwareAccelerated), (typeof(Simd512), typeof(Vector512<float>), Vector512.IsHardwareAccelerated)])
        {
            if (!here)
            {
                continue;
            }

            try
            {
                method.MakeGenericMethod(operations, register).Invoke(this, arguments);
            }
            catch (TargetInvocationException e) when (e.InnerException is { } inner)
            {
                throw new Xunit.Sdk.XunitException($"{operations.Name}({string.Join(", ", arguments)}): {inner.Message}");
            }

            _blocks.Clear();
        }
    }

    /// <summary>[rows, width padded] with random numbers in the first width columns and zeros behind.</summary>
    private protected FloatBlock Random(int rows, int width, double scale = 1.0)
    {
        var block = Zero(rows, width);
        for (var r = 0; r < rows; r++)
        {
            for (var i = 0; i < width; i++)
            {
                block.Pointer[(r * Panels.Pad(width)) + i] = (float)(((_random.NextDouble() * 2) - 1) * scale);
            }
        }

        return block;
    }

    private protected FloatBlock Zero(int rows, int width)
    {
        var block = new FloatBlock((nint)rows * Panels.Pad(width));
        _blocks.Add(block);
        return block;
    }

    /// <summary>Fails, naming the place, unless two numbers agree to a share of the larger of 1 and their size.</summary>
    private protected static void Near(double expected, float actual, double tolerance, string what)
    {
        if (!(Math.Abs(expected - actual) <= tolerance * Math.Max(1.0, Math.Abs(expected))))
        {
            Assert.Fail($"{what}: {actual:R} for {expected:R}");
        }
    }

    /// <summary>The slope of a function along one element, by central differences in double precision.</summary>
    private protected static double Slope(double[] at, int element, Func<double[], double> function)
    {
        const double Step = 1e-5;
        var moved = (double[])at.Clone();
        moved[element] = at[element] + Step;
        var above = function(moved);
        moved[element] = at[element] - Step;
        return (above - function(moved)) / (2 * Step);
    }

    /// <summary>The first n floats as doubles.</summary>
    private protected static double[] Doubles(float* from, int n) => [.. new ReadOnlySpan<float>(from, n).ToArray().Select(v => (double)v)];

    private protected static double Sigmoid(double x) => 1.0 / (1.0 + Math.Exp(-x));

    private protected static double EluOf(double x) => x > 0 ? x : Math.Exp(x) - 1.0;

    private protected static int Row(int width) => Panels.Pad(width);
}
