namespace Tft.Forecasting.Recipe.Base;

/// <summary>Fits the linear base: pooled over all metrics, then per metric, shrunk to the pooled one.</summary>
internal static class LinearBase
{
    private const float Clip = 10;

    /// <summary>Coefficients [knots, 16] over all samples: least squares, then rounds of reweighting by 1 / max(|residual|, floor).</summary>
    public static (float[] Squares, float[] Robust) Pooled(IReadOnlyList<FitSamples> samples, RecipeOptions options)
    {
        var (squares, robust) = (new float[LeadKnots.Count * LeadFeatures.Count], new float[LeadKnots.Count * LeadFeatures.Count]);
        Parallel.For(0, LeadKnots.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, knot =>
        {
            float[] w = [];
            for (var round = 0; round <= options.Reweightings; round++)
            {
                var sums = new NormalEquations();
                foreach (var s in samples)
                    Accumulate(s, knot, w, options.ResidualFloor, sums);
                w = sums.Solve(LeadFeatures.Count, 0, 1e-3, []);
                if (round == 0)
                    w.CopyTo(squares, knot * LeadFeatures.Count);
            }

            w.CopyTo(robust, knot * LeadFeatures.Count);
        });
        return (squares, robust);
    }

    /// <summary>Coefficients [knots, 16] of one metric, shrunk to the pooled ones.</summary>
    public static (float[] Squares, float[] Robust) Local(FitSamples samples, float[] pooledSquares, float[] pooledRobust, RecipeOptions options)
    {
        var (squares, robust) = (pooledSquares.ToArray(), pooledRobust.ToArray());
        if (samples.Origins == 0)
            return (squares, robust);
        var strength = options.Shrinkage;
        for (var knot = 0; knot < LeadKnots.Count; knot++)
        {
            var at = knot * LeadFeatures.Count;
            var sums = new NormalEquations();
            Accumulate(samples, knot, [], options.ResidualFloor, sums);
            sums.Solve(LeadFeatures.Count, strength, 0, pooledSquares.AsSpan(at, LeadFeatures.Count)).CopyTo(squares, at);
            var w = pooledRobust[at..(at + LeadFeatures.Count)];
            for (var round = 0; round < options.Reweightings; round++)
            {
                sums = new NormalEquations();
                Accumulate(samples, knot, w, options.ResidualFloor, sums);
                w = sums.Solve(LeadFeatures.Count, strength, 0, pooledRobust.AsSpan(at, LeadFeatures.Count));
            }

            w.CopyTo(robust, at);
        }

        return (squares, robust);
    }

    /// <summary>w · f, clipped to what the targets were clipped to.</summary>
    public static float Dot(ReadOnlySpan<float> w, ReadOnlySpan<float> f)
    {
        float sum = 0;
        for (var i = 0; i < f.Length; i++)
            sum += w[i] * f[i];
        return sum;
    }

    /// <summary>Adds the samples of a metric at a knot; with coefficients each is weighted by its residual, to a mean weight of 1.</summary>
    private static void Accumulate(FitSamples samples, int knot, ReadOnlySpan<float> w, float floor, NormalEquations sums)
    {
        Span<float> row = stackalloc float[NormalEquations.Width];
        var mean = 1f;
        if (!w.IsEmpty)
        {
            double total = 0;
            var seen = 0;
            for (var e = 0; e < samples.Origins; e++)
            {
                var y = samples.Targets[(e * LeadKnots.Count) + knot];
                if (!float.IsFinite(y))
                    continue;
                samples.Row(e, knot, row);
                total += 1 / Math.Max(Math.Abs(Math.Clamp(y, -Clip, Clip) - Dot(w, row)), floor);
                seen++;
            }

            mean = seen == 0 ? 1 : (float)(total / seen);
        }

        for (var e = 0; e < samples.Origins; e++)
        {
            var y = Math.Clamp(samples.Targets[(e * LeadKnots.Count) + knot], -Clip, Clip);
            if (!float.IsFinite(y))
                continue;
            samples.Row(e, knot, row);
            var weight = w.IsEmpty ? 1 : 1 / Math.Max(Math.Abs(y - Dot(w, row)), floor) / mean;
            sums.Add(row, y, weight);
        }
    }
}
