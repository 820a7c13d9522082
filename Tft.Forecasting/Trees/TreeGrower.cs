using System.Runtime.Intrinsics;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Trees;

/// <summary>
/// Grows one tree on binned rows. What a row asks for at quantile q is the gradient of its pinball loss, q where its target is above the present forecast and
/// q - 1 where it is below, so a bin is described by four counts: its rows, and those below each quantile. Counts are exact: a tree is the same for any number of threads.
/// </summary>
internal sealed class TreeGrower
{
    /// <summary>Counts by what a row is below of: bit q is set where its target is below the forecast of quantile q.</summary>
    private static readonly Vector128<int>[] s_counts = [.. Enumerable.Range(0, 8).Select(c => Vector128.Create(1, c & 1, (c >> 1) & 1, (c >> 2) & 1))];

    private readonly BinnedRows _rows;
    private readonly ForestOptions _options;
    private readonly int[] _aside;
    private readonly Stack<Vector128<int>[][]> _free = new();
    private readonly List<Grown> _nodes = [];

    public TreeGrower(BinnedRows rows, ForestOptions options) => (_rows, _options, _aside) = (rows, options, new int[rows.Rows]);

    /// <summary>A node: where it splits (feature -1: a leaf), its left child, its rows from..to-1 of the order.</summary>
    public readonly record struct Grown(int Feature, int Bin, int Left, int From, int To, int Depth);

    /// <summary>Grows a tree; a split comes before its children, the right child after the left one.</summary>
    /// <param name="order">Rows that the tree sees; they are put into the order of the leaves.</param>
    /// <param name="codes">[rows] which quantiles each row is below of.</param>
    /// <param name="features">Features that the tree sees.</param>
    public Grown[] Grow(Span<int> order, byte[] codes, int[] features)
    {
        _nodes.Clear();
        var counts = new List<Vector128<int>[][]?>();
        var root = Rent();
        var rows = order.ToArray();
        Count(rows, 0, rows.Length, codes, features, root);
        _nodes.Add(new Grown(-1, 0, -1, 0, rows.Length, 0));
        counts.Add(root);
        for (var n = 0; n < _nodes.Count; n++)
        {
            var node = _nodes[n];
            if (counts[n] is not { } here)
                continue;
            counts[n] = null;
            var (feature, bin) = Split(node, here, features);
            if (feature < 0)
            {
                _free.Push(here);
                continue;
            }

            var middle = Partition(rows, node, feature, bin);
            _nodes[n] = node with { Feature = feature, Bin = bin, Left = _nodes.Count };
            var last = node.Depth + 1 >= _options.Depth;
            _nodes.Add(new Grown(-1, 0, -1, node.From, middle, node.Depth + 1));
            _nodes.Add(new Grown(-1, 0, -1, middle, node.To, node.Depth + 1));
            if (last)
            {
                _free.Push(here);
                counts.AddRange([null, null]);
                continue;
            }

            // the smaller child is counted, the other is what is left
            var leftIsSmall = middle - node.From <= node.To - middle;
            var small = Rent();
            Count(rows, leftIsSmall ? node.From : middle, leftIsSmall ? middle : node.To, codes, features, small);
            foreach (var f in features)
            {
                for (var b = 0; b < BinnedRows.Bins; b++)
                    here[f][b] -= small[f][b];
            }

            counts.AddRange(leftIsSmall ? [small, here] : [here, small]);
        }

        rows.CopyTo(order);
        return [.. _nodes];
    }

    private Vector128<int>[][] Rent()
    {
        if (_free.TryPop(out var counts))
            return counts;
        counts = new Vector128<int>[_rows.Bytes.Length][];
        for (var f = 0; f < counts.Length; f++)
            counts[f] = new Vector128<int>[BinnedRows.Bins];
        return counts;
    }

    private void Count(int[] rows, int from, int to, byte[] codes, int[] features, Vector128<int>[][] counts) =>
        Parallel.For(0, features.Length, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, i =>
        {
            var (bins, into, table) = (_rows.Bytes[features[i]], counts[features[i]], s_counts);
            Array.Clear(into);
            foreach (var row in rows.AsSpan(from, to - from))
                into[bins[row]] += table[codes[row]];
        });

    private (int Feature, int Bin) Split(Grown node, Vector128<int>[][] counts, int[] features)
    {
        var (feature, bin, best) = (-1, 0, _options.LeastGain);
        if (node.Depth >= _options.Depth || node.To - node.From < 2 * _options.LeastRows)
            return (feature, bin);
        var all = Vector128<int>.Zero;
        foreach (var count in counts[features[0]])
            all += count;
        var whole = Worth(all);
        foreach (var f in features)
        {
            var left = Vector128<int>.Zero;
            for (var b = 0; b < _rows.Cuts[f].Length; b++)
            {
                left += counts[f][b];
                if (left[0] < _options.LeastRows)
                    continue;
                if (all[0] - left[0] < _options.LeastRows)
                    break;
                var gain = Worth(left) + Worth(all - left) - whole;
                if (gain > best)
                    (feature, bin, best) = (f, b, gain);
            }
        }

        return (feature, bin);
    }

    /// <summary>sum over q of g² / (n + pull), g the sum of the gradients in units of their variance q (1 - q).</summary>
    private double Worth(Vector128<int> counts)
    {
        double n = counts[0], sum = 0;
        for (var q = 0; q < 3; q++)
        {
            var gradient = (Protocol.Quantiles[q] * n) - counts[q + 1];
            sum += gradient * gradient / (Protocol.Quantiles[q] * (1 - Protocol.Quantiles[q]));
        }

        return sum / (n + _options.GainPull);
    }

    /// <summary>Puts the rows of a node that go left first; returns where the others begin.</summary>
    private int Partition(int[] rows, Grown node, int feature, int bin)
    {
        var bins = _rows.Bytes[feature];
        var (left, right) = (node.From, 0);
        for (var i = node.From; i < node.To; i++)
        {
            var row = rows[i];
            if (bins[row] <= bin)
                rows[left++] = row;
            else
                _aside[right++] = row;
        }

        Array.Copy(_aside, 0, rows, left, right);
        return left;
    }
}
