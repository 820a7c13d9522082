using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tft.Forecasting.Trees;

/// <summary>
/// Boosted regression trees that correct three quantiles: y_q(x) = sum over trees of the leaf that x falls into. A node sends a row to its left child where
/// x[feature] is at most its threshold. Immutable; threads share it.
/// </summary>
public sealed class Forest
{
    /// <summary>Quantiles that a leaf corrects.</summary>
    public const int Outputs = 3;

    /// <summary>Numbers of a node: feature (-1 in a leaf), threshold, left child (the leaf's number in a leaf); the right child follows the left one.</summary>
    public const int NodeWidth = 3;

    /// <summary>Rows that are evaluated side by side: the steps of one wait for memory, those of several do not.</summary>
    public const int Rows = 10;

    private const int MostNodes = 1 << 22;
    private readonly Node[] _nodes;
    private readonly int[] _roots;
    private readonly int[] _depths;

    /// <param name="features">Numbers of a row.</param>
    /// <param name="roots">[trees] first node of each tree, ascending.</param>
    /// <param name="nodes">[nodes, 3] see <see cref="NodeWidth"/>.</param>
    /// <param name="leaves">[leaves, 3] what a leaf adds.</param>
    /// <exception cref="InvalidDataException">They are no trees; the message says what is wrong.</exception>
    public Forest(int features, ReadOnlySpan<int> roots, ReadOnlySpan<float> nodes, ReadOnlySpan<float> leaves)
    {
        (Features, Roots, Nodes, Leaves) = (features, roots.ToArray(), nodes.ToArray(), leaves.ToArray());
        var count = nodes.Length / NodeWidth;
        if (nodes.Length % NodeWidth != 0 || leaves.Length % Outputs != 0 || count > MostNodes)
            throw new InvalidDataException($"{nodes.Length} numbers of nodes and {leaves.Length} of leaves, expected multiples of {NodeWidth} and {Outputs}, at most {MostNodes} nodes");
        if (leaves.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw new InvalidDataException("a leaf holds a value that is not finite");
        _nodes = new Node[count];
        _roots = Roots;
        _depths = new int[roots.Length];
        for (var t = 0; t < roots.Length; t++)
        {
            var end = t + 1 < roots.Length ? roots[t + 1] : count;
            if (roots[t] < 0 || roots[t] >= end || end > count || (t == 0 && roots[0] != 0))
                throw new InvalidDataException($"tree {t} begins at node {roots[t]}, the next one at {end} of {count}");
            _depths[t] = Take(roots[t], end);
        }

        if (roots.IsEmpty && count > 0)
            throw new InvalidDataException($"{count} nodes belong to no tree");
    }

    /// <summary>Numbers of a row.</summary>
    public int Features { get; }

    /// <summary>Number of trees.</summary>
    public int Count => _roots.Length;

    /// <summary>[trees] first node of each.</summary>
    public int[] Roots { get; }

    /// <summary>[nodes, 3].</summary>
    public float[] Nodes { get; }

    /// <summary>[leaves, 3].</summary>
    public float[] Leaves { get; }

    /// <summary>Sets the corrections [rows, 3] of up to <see cref="Rows"/> rows [rows, features].</summary>
    [SkipLocalsInit]
    public void Predict(ReadOnlySpan<float> rows, Span<float> corrections)
    {
        var count = rows.Length / Features;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(corrections.Length, count * Outputs);
        corrections[..(count * Outputs)].Clear();
        Span<int> at = stackalloc int[Rows];
        // the constructor has seen to it that every feature, child and leaf is one that there is
        ref var first = ref MemoryMarshal.GetArrayDataReference(_nodes);
        ref var row = ref MemoryMarshal.GetReference(rows);
        for (var t = 0; t < _roots.Length; t++)
        {
            at[..count].Fill(_roots[t]);
            for (var level = _depths[t]; level > 0; level--)
            {
                for (var r = 0; r < count; r++)
                {
                    ref var node = ref Unsafe.Add(ref first, at[r]);
                    at[r] = node.Left + (Unsafe.Add(ref row, (r * Features) + node.Feature) > node.Threshold ? 1 : 0);
                }
            }

            for (var r = 0; r < count; r++)
            {
                var leaf = Leaves.AsSpan(Unsafe.Add(ref first, at[r]).Leaf * Outputs, Outputs);
                corrections[r * Outputs] += leaf[0];
                corrections[(r * Outputs) + 1] += leaf[1];
                corrections[(r * Outputs) + 2] += leaf[2];
            }
        }
    }

    /// <summary>Checks the nodes of a tree and takes them over; returns its depth.</summary>
    private int Take(int root, int end)
    {
        var depths = new int[end - root];
        var parents = new int[end - root];
        var deepest = 0;
        for (var i = root; i < end; i++)
        {
            var (feature, threshold, next) = (Nodes[i * NodeWidth], Nodes[(i * NodeWidth) + 1], Nodes[(i * NodeWidth) + 2]);
            if (feature < 0)
            {
                if (!(next >= 0 && next < Leaves.Length / Outputs && next == MathF.Floor(next)))
                    throw new InvalidDataException($"node {i} is leaf {next} of {Leaves.Length / Outputs}");
                // a row that has arrived stays where it is, so that all rows take the same number of steps
                _nodes[i] = new Node(float.PositiveInfinity, 0, i, (int)next);
                continue;
            }

            if (!(feature < Features && feature == MathF.Floor(feature) && float.IsFinite(threshold) && next > i && next < end - 1 && next == MathF.Floor(next)))
                throw new InvalidDataException($"node {i} splits by feature {feature} of {Features} at {threshold}, its children are {next} and the next, of a tree that ends at {end}");
            for (var child = (int)next; child <= (int)next + 1; child++)
            {
                parents[child - root]++;
                depths[child - root] = depths[i - root] + 1;
            }

            deepest = Math.Max(deepest, depths[i - root] + 1);
            _nodes[i] = new Node(threshold, (int)feature, (int)next, 0);
        }

        for (var i = 1; i < parents.Length; i++)
        {
            if (parents[i] != 1)
                throw new InvalidDataException($"node {root + i} has {parents[i]} parents");
        }

        return deepest;
    }

    private readonly record struct Node(float Threshold, int Feature, int Left, int Leaf);
}
