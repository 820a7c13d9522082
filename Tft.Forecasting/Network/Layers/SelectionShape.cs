namespace Tft.Forecasting.Network.Layers;

/// <summary>A real input: row <paramref name="Row"/> of the embedding tensors <paramref name="Name"/>_weight and <paramref name="Name"/>_bias.</summary>
internal readonly record struct Scalar(string Name, int Row);

/// <summary>What a variable selection network chooses from: categoricals first, then scalars.</summary>
/// <param name="Name">Prefix of its weights.</param>
/// <param name="Hidden">H.</param>
/// <param name="Categories">Number of values of each categorical.</param>
/// <param name="Scalars">The scalars, in the order of their columns.</param>
internal sealed record SelectionShape(string Name, int Hidden, int[] Categories, Scalar[] Scalars)
{
    /// <summary>V.</summary>
    public int Variables => Categories.Length + Scalars.Length;

    public static SelectionShape History(TftConfig c) => new(
        "history_selection", c.Hidden, c.ObservedSizes, [.. Of("known", c.Known), .. Of("metric", c.Metrics), .. Of("past", c.Past)]);

    public static SelectionShape Future(TftConfig c) => new("future_selection", c.Hidden, [], [.. Of("known", c.Known), .. Of("future", c.Future)]);

    /// <summary>Row <paramref name="row"/> of a variable's embedding in the weights or an array like them: of a scalar first the weight, then the bias; of a category the value's.</summary>
    public Span<float> Embedding(TftWeights w, float[] data, int variable, int row)
    {
        if (variable < Categories.Length)
        {
            return w.In(data, $"observed_embedding.{variable}.weight").Slice(row * Hidden, Hidden);
        }

        var scalar = Scalars[variable - Categories.Length];
        return w.In(data, scalar.Name + (row == 0 ? "_weight" : "_bias")).Slice(scalar.Row * Hidden, Hidden);
    }

    private static IEnumerable<Scalar> Of(string name, int count) => Enumerable.Range(0, count).Select(i => new Scalar(name, i));
}
