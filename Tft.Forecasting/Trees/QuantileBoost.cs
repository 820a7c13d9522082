using Tft.Forecasting.Data;
using Tft.Forecasting.Kernels;

namespace Tft.Forecasting.Trees;

/// <summary>
/// Boosts trees for three quantiles at once (Friedman 2001, with the pinball loss): each tree splits by the gradients of all three, and its leaves add a share of the
/// quantiles of what is left there. The same rows and options give the same forest to the bit.
/// </summary>
internal static class QuantileBoost
{
    private const int Chunk = 4096;

    /// <summary>Grows trees after those of a forest that is continued, if there is one.</summary>
    /// <param name="rows">Rows, binned.</param>
    /// <param name="targets">[rows]; a row whose target is NaN is not learned from.</param>
    /// <param name="cells">[rows] width of the cell about each target in which what was measured may have been, 0 or empty for none: each tree puts the target elsewhere in it.</param>
    /// <param name="forecasts">[rows, 3] what is corrected, what a forest that is continued says included; the corrections are added.</param>
    /// <param name="options">How.</param>
    /// <param name="before">The forest that is continued, or null.</param>
    /// <param name="grown">Told after each tree how many there are.</param>
    /// <param name="cancellation">Stops after the running tree.</param>
    public static Forest Grow(BinnedRows rows, float[] targets, float[] cells, float[] forecasts, ForestOptions options, Forest? before = null, Action<int>? grown = null, CancellationToken cancellation = default)
    {
        var (roots, nodes, leaves) = (new List<int>(before?.Roots ?? []), new List<float>(before?.Nodes ?? []), new List<float>(before?.Leaves ?? []));
        var placed = cells.Length > 0 ? targets.ToArray() : targets;
        var (order, codes, grower) = (new int[rows.Rows], new byte[rows.Rows], new TreeGrower(rows, options));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads };
        for (var t = 0; t < options.Trees; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            var key = Counter.At((ulong)options.Seed, (ulong)(before?.Count ?? 0) + (ulong)t);
            if (cells.Length > 0)
                Parallel.For(0, (rows.Rows + Chunk - 1) / Chunk, parallel, c => Place(targets, cells, c * Chunk, Math.Min(rows.Rows, (c + 1) * Chunk), Counter.At(key, 2), placed));
            var seen = Rows(order, codes, placed, forecasts, options.RowShare, Counter.At(key, 0));
            var tree = grower.Grow(order.AsSpan(0, seen), codes, Features(rows.Bytes.Length, options.FeatureShare, Counter.At(key, 1)));
            var values = new float[tree.Length * Forest.Outputs];
            Parallel.For(0, tree.Length, parallel, n =>
            {
                if (tree[n].Feature < 0)
                    Leaf(order.AsSpan(tree[n].From, tree[n].To - tree[n].From), placed, forecasts, options, values.AsSpan(n * Forest.Outputs, Forest.Outputs));
            });
            Parallel.For(0, (rows.Rows + Chunk - 1) / Chunk, parallel, c => Add(rows, tree, values, c * Chunk, Math.Min(rows.Rows, (c + 1) * Chunk), forecasts));
            var root = nodes.Count / Forest.NodeWidth;
            roots.Add(root);
            for (var n = 0; n < tree.Length; n++)
            {
                var node = tree[n];
                if (node.Feature >= 0)
                {
                    nodes.AddRange([node.Feature, rows.Cuts[node.Feature][node.Bin], root + node.Left]);
                    continue;
                }

                nodes.AddRange([-1, 0, leaves.Count / Forest.Outputs]);
                leaves.AddRange(values.AsSpan(n * Forest.Outputs, Forest.Outputs));
            }

            grown?.Invoke(t + 1);
        }

        return new Forest(rows.Bytes.Length, [.. roots], [.. nodes], [.. leaves]);
    }

    /// <summary>Puts each target somewhere in its cell.</summary>
    private static void Place(float[] targets, float[] cells, int from, int to, ulong key, float[] placed)
    {
        for (var i = from; i < to; i++)
            placed[i] = targets[i] + (cells[i] * (Counter.Uniform(Counter.At(key, (ulong)i)) - 0.5f));
    }

    /// <summary>Chooses the rows of a tree, and says of each which forecasts its target is below of.</summary>
    private static int Rows(int[] order, byte[] codes, float[] targets, float[] forecasts, float share, ulong key)
    {
        var seen = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (Counter.Uniform(Counter.At(key, (ulong)i)) >= share || !float.IsFinite(targets[i]))
                continue;
            order[seen++] = i;
            var (y, at) = (targets[i], i * Forest.Outputs);
            codes[i] = (byte)((y < forecasts[at] ? 1 : 0) | (y < forecasts[at + 1] ? 2 : 0) | (y < forecasts[at + 2] ? 4 : 0));
        }

        return seen;
    }

    private static int[] Features(int features, float share, ulong key)
    {
        int[] chosen = [.. Enumerable.Range(0, features).Where(f => Counter.Uniform(Counter.At(key, (ulong)f)) < share)];
        return chosen.Length > 0 ? chosen : [(int)(key % (ulong)features)];
    }

    /// <summary>What a leaf adds: the quantiles of what its rows leave, shrunk.</summary>
    private static void Leaf(ReadOnlySpan<int> rows, float[] targets, float[] forecasts, ForestOptions options, Span<float> value)
    {
        if (rows.IsEmpty)
            return;
        var left = new float[rows.Length];
        for (var q = 0; q < Forest.Outputs; q++)
        {
            for (var i = 0; i < left.Length; i++)
                left[i] = targets[rows[i]] - forecasts[(rows[i] * Forest.Outputs) + q];
            Array.Sort(left);
            value[q] = options.Rate * (float)Statistics.QuantileOfSorted(left, Protocol.Quantiles[q]) * left.Length / (left.Length + options.LeafPull);
        }
    }

    private static void Add(BinnedRows rows, TreeGrower.Grown[] tree, float[] values, int from, int to, float[] forecasts)
    {
        for (var i = from; i < to; i++)
        {
            var n = 0;
            while (tree[n] is { Feature: >= 0 } node)
                n = node.Left + (rows.Bytes[node.Feature][i] <= node.Bin ? 0 : 1);
            for (var q = 0; q < Forest.Outputs; q++)
                forecasts[(i * Forest.Outputs) + q] += values[(n * Forest.Outputs) + q];
        }
    }
}
