using System.Numerics;
using System.Runtime.InteropServices;

namespace Tft.Forecasting.Training;

/// <summary>Adam (Kingma and Ba, arXiv:1412.6980) with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101), as PyTorch computes them.</summary>
internal sealed class Adam(int length)
{
    /// <summary>Running mean of the gradient.</summary>
    public float[] Mean { get; } = new float[length];

    /// <summary>Running mean of its square.</summary>
    public float[] Square { get; } = new float[length];

    /// <summary>Steps taken.</summary>
    public int Steps { get; set; }

    /// <summary>Moves the weights against the gradient.</summary>
    public void Step(float[] weights, float[] gradient, float rate, TrainingOptions o)
    {
        Steps++;
        var stepSize = (float)(rate / (1.0 - Math.Pow(o.Beta1, Steps)));
        var root = (float)(1.0 / Math.Sqrt(1.0 - Math.Pow(o.Beta2, Steps)));
        var shrink = 1f - (rate * o.WeightDecay);
        float b1 = o.Beta1, b2 = o.Beta2, epsilon = o.Epsilon;
        Span<Vector<float>> w = Registers(weights), m = Registers(Mean), v = Registers(Square), g = Registers(gradient);
        var e = new Vector<float>(epsilon);
        for (var i = 0; i < w.Length; i++)
        {
            m[i] = (m[i] * b1) + (g[i] * (1f - b1));
            v[i] = (v[i] * b2) + (g[i] * g[i] * (1f - b2));
            w[i] = (w[i] * shrink) - (m[i] * stepSize / ((Vector.SquareRoot(v[i]) * root) + e));
        }

        for (var i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            Mean[i] = (Mean[i] * b1) + (gradient[i] * (1f - b1));
            Square[i] = (Square[i] * b2) + (gradient[i] * gradient[i] * (1f - b2));
            weights[i] = (weights[i] * shrink) - (Mean[i] * stepSize / ((MathF.Sqrt(Square[i]) * root) + epsilon));
        }
    }

    /// <summary>Scales a gradient so that its L2 norm is at most <paramref name="most"/>; returns the norm before. 0 leaves it.</summary>
    public static double Clip(float[] gradient, float most)
    {
        var sum = 0.0;
        foreach (var value in gradient)
        {
            sum += (double)value * value;
        }

        var norm = Math.Sqrt(sum);
        var factor = (float)(most / (norm + 1e-6));
        if (most > 0f && factor < 1f)
        {
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] *= factor;
            }
        }

        return norm;
    }

    private static Span<Vector<float>> Registers(float[] floats) => MemoryMarshal.Cast<float, Vector<float>>(floats.AsSpan());
}
