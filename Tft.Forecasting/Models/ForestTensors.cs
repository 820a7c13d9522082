using Tft.Forecasting.Files;
using Tft.Forecasting.Recipe.Corrections;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Models;

/// <summary>The trees of a model as tensors of its file: their first nodes, the nodes and the leaves.</summary>
internal static class ForestTensors
{
    private const string Roots = "trees.roots";
    private const string Nodes = "trees.nodes";
    private const string Leaves = "trees.leaves";

    public static IEnumerable<SafeTensor> Of(Forest? forest) => forest is null ? [] :
    [
        SafeTensor.Of(Roots, [forest.Count], Array.ConvertAll(forest.Roots, static r => (long)r)),
        SafeTensor.Of(Nodes, [forest.Nodes.Length / Forest.NodeWidth, Forest.NodeWidth], forest.Nodes),
        SafeTensor.Of(Leaves, [forest.Leaves.Length / Forest.Outputs, Forest.Outputs], forest.Leaves),
    ];

    /// <summary>Reads the trees of a model.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="trees">How many there are.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, of another shape, or holds no trees.</exception>
    public static Forest Read(SafeTensorsFile file, int trees)
    {
        var roots = file[Roots];
        if (!roots.Shape.SequenceEqual([trees]))
            throw new InvalidDataException($"tensor '{roots.Name}' is [{string.Join(", ", roots.Shape)}], expected [{trees}]");
        int[] first = [.. roots.Integers.ToArray().Select(static r => (int)Math.Clamp(r, -1, int.MaxValue))];
        return new Forest(TreeInputs.Count, first, Rows(file[Nodes], Forest.NodeWidth), Rows(file[Leaves], Forest.Outputs));
    }

    private static ReadOnlySpan<float> Rows(SafeTensor tensor, int width) => tensor.Shape is [_, var columns] && columns == width
        ? tensor.Floats
        : throw new InvalidDataException($"tensor '{tensor.Name}' is [{string.Join(", ", tensor.Shape)}], expected [n, {width}]");
}
