namespace Tft.Inference.Risk;

/// <summary>
/// A non-decreasing map of [0, 1] onto itself, fitted to outcomes by pooling adjacent violators: the least-squares fit among all
/// non-decreasing maps (Ayer et al. 1955). Between the fitted points it is linear.
/// </summary>
internal sealed class IsotonicMap
{
    private readonly float[] _inputs;
    private readonly float[] _outputs;

    private IsotonicMap(float[] inputs, float[] outputs) => (_inputs, _outputs) = (inputs, outputs);

    /// <param name="scores">Forecast probabilities, in any order.</param>
    /// <param name="happened">What came of each.</param>
    public static IsotonicMap Fit(ReadOnlySpan<float> scores, ReadOnlySpan<bool> happened)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(happened.Length, scores.Length);
        var order = scores.ToArray();
        var outcome = new float[scores.Length];
        for (var i = 0; i < outcome.Length; i++)
            outcome[i] = happened[i] ? 1 : 0;
        Array.Sort(order, outcome);

        var pools = new List<Pool>();
        for (var i = 0; i < order.Length; i++)
        {
            var pool = new Pool(order[i], outcome[i], 1);
            while (pools.Count > 0 && pools[^1].Mean >= pool.Mean)
            {
                pool = pools[^1].Join(pool);
                pools.RemoveAt(pools.Count - 1);
            }

            pools.Add(pool);
        }

        return new IsotonicMap([.. pools.Select(p => p.Score)], [.. pools.Select(p => p.Mean)]);
    }

    public float Map(float score)
    {
        if (_inputs.Length == 0)
            return score;
        var at = Array.BinarySearch(_inputs, score);
        if (at >= 0)
            return _outputs[at];
        at = ~at;
        if (at == 0)
            return _outputs[0];
        if (at == _inputs.Length)
            return _outputs[^1];
        var share = (score - _inputs[at - 1]) / (_inputs[at] - _inputs[at - 1]);
        return float.Lerp(_outputs[at - 1], _outputs[at], share);
    }

    private readonly record struct Pool(float ScoreSum, float OutcomeSum, int Count)
    {
        public float Mean => OutcomeSum / Count;

        public float Score => ScoreSum / Count;

        public Pool Join(Pool other) => new(ScoreSum + other.ScoreSum, OutcomeSum + other.OutcomeSum, Count + other.Count);
    }
}
