using Tft.Forecasting.Trees;

namespace Tft.Tests.Forecasting.Trees;

[Trait("Ring", "unit")]
public sealed class ForestTests
{
    // x[1] <= 0.5 ? leaf 0 : (x[0] <= 2 ? leaf 1 : leaf 2)
    private static readonly float[] s_nodes = [1, 0.5f, 1, -1, 0, 0, 0, 2, 3, -1, 0, 1, -1, 0, 2];
    private static readonly float[] s_leaves = [1, 2, 3, 10, 20, 30, 100, 200, 300];

    [Theory]
    [InlineData(7, 0.5, 1)]
    [InlineData(2, 0.6, 10)]
    [InlineData(2.1, 0.6, 100)]
    [InlineData(float.NaN, 0.6, 10)]
    public void Predict_RowOfATree_GivesItsLeaf(float first, float second, float expected)
    {
        var forest = new Forest(2, [0], s_nodes, s_leaves);
        var corrections = new float[3];

        forest.Predict([first, second], corrections);

        Assert.Equal([expected, 2 * expected, 3 * expected], corrections);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Forest.Rows)]
    public void Predict_SeveralRowsOfSeveralTrees_IsTheSumOfTheLeavesThatEachFallsInto(int rows)
    {
        var random = new Random(5);
        var (roots, nodes, leaves) = Any(random, trees: 9, features: 6);
        var forest = new Forest(6, roots, nodes, leaves);
        var x = Enumerable.Range(0, rows * 6).Select(_ => random.NextSingle()).ToArray();
        var corrections = new float[rows * 3];

        forest.Predict(x, corrections);

        for (var r = 0; r < rows; r++)
        {
            var expected = new float[3];
            foreach (var root in roots)
            {
                var n = root;
                while (nodes[n * 3] >= 0)
                    n = (int)nodes[(n * 3) + 2] + (x[(r * 6) + (int)nodes[n * 3]] > nodes[(n * 3) + 1] ? 1 : 0);
                for (var q = 0; q < 3; q++)
                    expected[q] += leaves[((int)nodes[(n * 3) + 2] * 3) + q];
            }

            Assert.Equal(expected, corrections[(r * 3)..((r * 3) + 3)]);
        }
    }

    [Theory]
    [InlineData(0, 2f, "splits by feature 2 of 2")]
    [InlineData(1, float.NaN, "at NaN")]
    [InlineData(2, 0f, "its children are 0")]
    [InlineData(2, 4f, "its children are 4")]
    [InlineData(8, 1f, "its children are 1")]
    [InlineData(11, 3f, "is leaf 3 of 3")]
    [InlineData(11, -1f, "is leaf -1 of 3")]
    [InlineData(8, 2.5f, "its children are 2.5")]
    public void Create_BrokenNode_IsRefusedWithTheReason(int at, float value, string reason)
    {
        var nodes = s_nodes.ToArray();
        nodes[at] = value;

        var error = Assert.Throws<InvalidDataException>(() => new Forest(2, [0], nodes, s_leaves));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_RootsOrLeavesThatCannotBe_AreRefused()
    {
        Assert.Contains("begins at node 1", Assert.Throws<InvalidDataException>(() => new Forest(2, [1], s_nodes, s_leaves)).Message, StringComparison.Ordinal);
        Assert.Contains("tree 1 begins", Assert.Throws<InvalidDataException>(() => new Forest(2, [0, 5], s_nodes, s_leaves)).Message, StringComparison.Ordinal);
        Assert.Contains("parents", Assert.Throws<InvalidDataException>(() => new Forest(2, [0], [.. s_nodes, -1, 0, 0], s_leaves)).Message, StringComparison.Ordinal);
        Assert.Contains("no tree", Assert.Throws<InvalidDataException>(() => new Forest(2, [], s_nodes, s_leaves)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<InvalidDataException>(() => new Forest(2, [0], s_nodes, [.. s_leaves.AsSpan(0, 8), float.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("multiples", Assert.Throws<InvalidDataException>(() => new Forest(2, [0], s_nodes, s_leaves.AsSpan(0, 8))).Message, StringComparison.Ordinal);
    }

    private static (int[] Roots, float[] Nodes, float[] Leaves) Any(Random random, int trees, int features)
    {
        var (roots, nodes, leaves) = (new List<int>(), new List<float[]>(), new List<float>());
        for (var t = 0; t < trees; t++)
        {
            var root = nodes.Count;
            roots.Add(root);
            nodes.Add([]);
            for (var n = root; n < nodes.Count; n++)
            {
                if (nodes.Count - root < 30 && random.Next(4) > 0)
                {
                    nodes[n] = [random.Next(features), random.NextSingle(), nodes.Count];
                    nodes.AddRange([[], []]);
                    continue;
                }

                nodes[n] = [-1, 0, leaves.Count / 3];
                leaves.AddRange([random.NextSingle(), random.NextSingle(), random.NextSingle()]);
            }
        }

        return ([.. roots], [.. nodes.SelectMany(n => n)], [.. leaves]);
    }
}
