using Tft.Forecasting.Files;
using Tft.Forecasting.Recipe;
using Tft.Forecasting.Trees;

namespace Tft.Forecasting.Models;

/// <summary>The trees of a model as tensors of its file: of each forest the trees' first nodes, the nodes and the leaves.</summary>
internal static class ForestTensors
{
    public static IEnumerable<SafeTensor> Of(IReadOnlyList<Forest> forests)
    {
        for (var f = 0; f < forests.Count; f++)
        {
            var forest = forests[f];
            yield return SafeTensor.Of($"trees.{f}.roots", [forest.Count], Array.ConvertAll(forest.Roots, static r => (long)r));
            yield return SafeTensor.Of($"trees.{f}.nodes", [forest.Nodes.Length / Forest.NodeWidth, Forest.NodeWidth], forest.Nodes);
            yield return SafeTensor.Of($"trees.{f}.leaves", [forest.Leaves.Length / Forest.Outputs, Forest.Outputs], forest.Leaves);
        }
    }

    /// <summary>Reads the forests of a model.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="trees">Trees of each forest.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, of another shape, or holds no trees.</exception>
    public static IReadOnlyList<Forest> Read(SafeTensorsFile file, int trees)
    {
        var forests = new Forest[TreeShape.Forests];
        for (var f = 0; f < forests.Length; f++)
        {
            var roots = file[$"trees.{f}.roots"];
            if (!roots.Shape.SequenceEqual([trees]))
                throw new InvalidDataException($"tensor '{roots.Name}' is [{string.Join(", ", roots.Shape)}], expected [{trees}]");
            int[] first = [.. roots.Integers.ToArray().Select(static r => (int)Math.Clamp(r, -1, int.MaxValue))];
            forests[f] = new Forest(TreeInputs.Count, first, Rows(file[$"trees.{f}.nodes"], Forest.NodeWidth), Rows(file[$"trees.{f}.leaves"], Forest.Outputs));
        }

        return forests;
    }

    private static ReadOnlySpan<float> Rows(SafeTensor tensor, int width) => tensor.Shape is [_, var columns] && columns == width
        ? tensor.Floats
        : throw new InvalidDataException($"tensor '{tensor.Name}' is [{string.Join(", ", tensor.Shape)}], expected [n, {width}]");
}
