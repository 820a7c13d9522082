namespace Tft.Forecasting.Kernels.Vectors;

/// <summary>
/// The vector instructions that the kernels need, for one register width. Each kernel is written once over <typeparamref name="TV"/>;
/// the JIT compiles it per width, with every call inlined.
/// </summary>
/// <typeparam name="TV">The register: <c>Vector128/256/512&lt;float&gt;</c>.</typeparam>
internal unsafe interface ISimd<TV>
    where TV : struct
{
    /// <summary>Floats in a register.</summary>
    static abstract int Width { get; }

    /// <summary>Whether the machine has 32 registers, so that a tile may hold 16 accumulators and more.</summary>
    static abstract bool Wide { get; }

    static abstract TV Load(float* source);

    static abstract void Store(TV value, float* destination);

    static abstract TV Splat(float value);

    static abstract TV Zero { get; }

    static abstract TV Add(TV a, TV b);

    static abstract TV Sub(TV a, TV b);

    static abstract TV Mul(TV a, TV b);

    /// <summary>a b + c, in one rounding where the hardware can.</summary>
    static abstract TV MulAdd(TV a, TV b, TV c);

    /// <summary>The larger of both; <paramref name="b"/> where either is NaN.</summary>
    static abstract TV Max(TV a, TV b);

    /// <summary>The smaller of both; <paramref name="b"/> where either is NaN.</summary>
    static abstract TV Min(TV a, TV b);

    /// <summary>1 / a within 2 units in the last place.</summary>
    static abstract TV Reciprocal(TV a);

    static abstract TV Sqrt(TV a);

    /// <summary>Where x &gt; 0: <paramref name="positive"/>, else <paramref name="other"/> (also for NaN).</summary>
    static abstract TV IfPositive(TV x, TV positive, TV other);

    /// <summary>
    /// x 2^n, where <paramref name="shifted"/> = n + 1.5 * 2^23 carries the integer n in its low mantissa bits.
    /// </summary>
    static abstract TV ScaleByPowerOfTwo(TV x, TV shifted);

    static abstract float Sum(TV a);

    static abstract float Largest(TV a);

    /// <summary>One step of xorshift32 in each lane; a state must not be zero.</summary>
    static abstract TV NextRandom(TV state);

    /// <summary><paramref name="scale"/> where the lane's random bits, read as an unsigned 32-bit number, are at least <paramref name="threshold"/>, else 0.</summary>
    static abstract TV KeepMask(TV random, uint threshold, TV scale);
}
